/** Tells, while an amount is typed, whether it exceeds what is available. Money is in cents. */
import { estimate } from './estimate.ts';
import { formatCount, formatMoney, formatShares } from './money.ts';

/** What a user can spend, and the shares of the stock that the user can sell. */
export type Means = { readonly cash: number; readonly shares: number };

type Wish = {
  readonly side: 'buy' | 'sell';
  readonly symbol: string;
  readonly amount: number;
  /** The price at which the shares of a sell are counted; undefined if none is known. */
  readonly price: number | undefined;
};

/** Returns why an amount exceeds the means; undefined if it does not, as far as is known. */
export function excessOf(wish: Wish, { cash, shares }: Means): string | undefined {
  const { side, symbol, amount, price } = wish;
  if (side === 'buy') {
    if (amount <= cash) return undefined;
    return `That is ${formatMoney(amount - cash)} more than the ${formatMoney(cash)} available.`;
  }
  if (shares === 0) return `You have no ${symbol} shares available to sell.`;
  const wanted = price === undefined ? 0 : estimate(amount, price).shares;
  return wanted > shares
    ? `That is ${formatShares(wanted)} of ${symbol}; ${formatCount(shares)} are available.`
    : undefined;
}
