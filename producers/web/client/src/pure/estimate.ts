/** What an amount buys or sells at a price, before anyone is asked. All in cents. */
export type Estimate = {
  readonly shares: number;
  /** What those shares cost, or bring. */
  readonly cost: number;
  /** What of the amount is too little for one more share. */
  readonly rest: number;
};

export function estimate(amount: number, price: number): Estimate {
  const rest = amount % price;
  const cost = amount - rest;
  return { shares: cost / price, cost, rest };
}
