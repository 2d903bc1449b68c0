/** Estimates the shares for an amount at a price, both in cents. */
type Estimate = {
  readonly shares: number;
  /** The cost or the proceeds of those shares, in cents. */
  readonly cost: number;
  /** The rest of the amount, in cents, which is less than one share. */
  readonly rest: number;
};

export function estimate(amount: number, price: number): Estimate {
  const rest = amount % price;
  const cost = amount - rest;
  return { shares: cost / price, cost, rest };
}
