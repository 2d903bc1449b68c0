/** Why the system cannot take commands or answer them just now, and what mends it. */

export type ServiceName = 'database' | 'broker';

export type Trouble = {
  readonly service: ServiceName;
  /**
   * `away`: it does not answer. `blocked`: the broker is reached, but takes no messages. `full`: the
   * database is reached, or is about to be, but has no room to write.
   */
  readonly kind: 'away' | 'blocked' | 'full';
  /** When it was noticed, as an ISO date. */
  readonly since: string;
  /** One sentence, for everybody. */
  readonly what: string;
  /** For the operator: it may name folders. */
  readonly remedy: string;
};

/** A trouble in one line. */
export const renderTrouble = ({ what, remedy }: Trouble): string => `${what} ${remedy}`;
