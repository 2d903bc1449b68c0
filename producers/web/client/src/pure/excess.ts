/** Tells, while an amount is typed, whether it exceeds what is available. Money is in cents. */
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import { estimate } from './estimate.ts';
import { formatCount, formatMoney, formatShares } from './money.ts';
import { centsOf, tooMuch, type Quantity } from './quantity.ts';

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
  readonly quantity: Quantity;
  /** The price at which dollars and shares are converted; undefined if none is known. */
  readonly price: number | undefined;
};

/** Returns why a quantity exceeds the means; undefined if it does not, as far as is known. */
export function excessOf(wish: Wish, { cash, shares }: Means): string | undefined {
  const { side, symbol, quantity, price } = wish;
  const amount = centsOf(quantity, price);
  if (side === 'buy') {
    if (amount === undefined || amount <= cash) return undefined;
    return `That is ${formatMoney(amount - cash)} more than the ${formatMoney(cash)} available.`;
  }
  if (shares === 0) return `You have no ${symbol} shares available to sell.`;
  const wanted = sharesOf(quantity, price) ?? 0;
  if (wanted <= shares) return amount === undefined ? undefined : tooMuch(amount);
  return quantity.unit === 'shares'
    ? `Only ${formatShares(shares)} of ${symbol} ${shares === 1 ? 'is' : 'are'} available.`
    : `That is ${formatShares(wanted)} of ${symbol}; ${formatCount(shares)} are available.`;
}

function sharesOf(quantity: Quantity, price: number | undefined): number | undefined {
  if (quantity.unit === 'shares') return quantity.shares;
  return price === undefined ? undefined : estimate(quantity.cents, price).shares;
}
