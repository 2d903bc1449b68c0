/** Thrown for a defect: the code broke a rule that it relies on. The work is rolled back. */
export class InvariantError extends Error {
  /** Names the kind of fault in logs, like the code of a `CodedError`. */
  readonly code = 'invariant-broken' as const;
  override readonly name = 'InvariantError';
}
