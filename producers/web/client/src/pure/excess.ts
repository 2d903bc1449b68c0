/** Tells, while an amount is typed, whether it exceeds what is available. Money is in cents. */
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import { estimate } from './estimate.ts';
import { formatCount, formatMoney, formatShares } from './money.ts';

/** The cash that a user can spend, and the shares of one stock that the user can sell. */
export type Means = { readonly cash: number; readonly shares: number };

/** Returns the means of an order; shares and cash that orders and triggers have reserved are not among them. */
export function meansOf({ available, holdings }: PortfolioView, symbol: string): Means {
  const holding = holdings.find((held) => held.symbol === symbol);
  return { cash: available, shares: holding?.available ?? 0 };
}

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
