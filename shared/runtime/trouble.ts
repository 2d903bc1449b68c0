/** A trouble: the reason why the system cannot accept or answer commands at present, and its remedy. */

export type ServiceName = 'database' | 'broker';

export type Trouble = {
  readonly service: ServiceName;
  /**
   * `away`: the service does not answer. `blocked`: the broker answers, but accepts no messages. `full`:
   * the database answers, or will soon, but its disk is full.
   */
  readonly kind: 'away' | 'blocked' | 'full';
  /** The time at which it was noticed, in ISO 8601. */
  readonly since: string;
  /** One sentence that any user may read. */
  readonly what: string;
  /** The remedy, for operators only, because it may contain paths. */
  readonly remedy: string;
};

/** Renders a trouble in one line. */
export const renderTrouble = ({ what, remedy }: Trouble): string => `${what} ${remedy}`;
