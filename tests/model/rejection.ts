/** Why a command was rejected. */
export type RejectionCode =
  | 'account-unknown'
  | 'insufficient-funds'
  | 'no-shares'
  | 'quote-unavailable'
  | 'amount-below-price'
  | 'insufficient-shares'
  | 'no-pending-buy'
  | 'no-pending-sell'
  | 'no-buy-amount'
  | 'no-sell-amount'
  | 'balance-limit'
  | 'file-name-invalid'
  | 'not-administrator'
  | 'too-late'
  | 'unreadable'
  | 'internal';

/** Thrown by a rule: the step is given up, and what it changed so far is thrown away. */
export class Refused extends Error {
  readonly code: RejectionCode;

  constructor(code: RejectionCode) {
    super(code);
    this.code = code;
  }
}

export function demand(holds: boolean, code: RejectionCode): asserts holds {
  if (!holds) throw new Refused(code);
}
