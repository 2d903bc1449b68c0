/** A finding about this machine or about a service that the environment names. */
export type Examined = {
  readonly what: string;
  readonly is: 'good' | 'doubtful' | 'bad';
  readonly found: string;
  /** The action for the operator; undefined if there is nothing to do. */
  readonly advice?: string;
};
