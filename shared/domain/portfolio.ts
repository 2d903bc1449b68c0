/** Everything one user owns or has pending: the unit of consistency. Source: SPEC §2. */
import type { StockSymbol } from './identity.ts';
import { add, NO_MONEY, subtract, type Cents } from './money.ts';
import { isExpired, orderCost, type Order } from './order.ts';
import { addShares, NO_SHARES, subtractShares, type Shares } from './shares.ts';
import type { Instant } from './time.ts';
import type { BuyTrigger, SellTrigger } from './trigger.ts';

/**
 * A user's state, or the part of it that a batch of commands can touch. Holdings and triggers may be
 * loaded for some symbols only; all other fields are always complete.
 */
export type Portfolio = {
  /** Whether the account exists. The user's first accepted `ADD` opens it. */
  readonly opened: boolean;
  readonly balance: Cents;
  /** The number of orders that the user ever placed. The next order's number is one higher. */
  readonly ordersPlaced: number;
  /**
   * Shares owned, including those in pending sells, excluding those that a trigger reserves. A symbol
   * without shares has no entry.
   */
  readonly holdings: ReadonlyMap<StockSymbol, Shares>;
  /** Pending buys, the most recent last. */
  readonly buys: readonly Order[];
  /** Pending sells, the most recent last. */
  readonly sells: readonly Order[];
  readonly buyTriggers: ReadonlyMap<StockSymbol, BuyTrigger>;
  readonly sellTriggers: ReadonlyMap<StockSymbol, SellTrigger>;
};

export const EMPTY_PORTFOLIO: Portfolio = {
  opened: false,
  balance: NO_MONEY,
  ordersPlaced: 0,
  holdings: new Map(),
  buys: [],
  sells: [],
  buyTriggers: new Map(),
  sellTriggers: new Map(),
};

/** The money that pending buys hold. It is still part of the balance. */
export const held = (portfolio: Portfolio): Cents =>
  portfolio.buys.reduce((sum, order) => add(sum, orderCost(order)), NO_MONEY);

/** The balance without the money that pending buys hold. */
export const available = (portfolio: Portfolio): Cents =>
  subtract(portfolio.balance, held(portfolio));

/** The shares of a symbol that the user owns, without those that a trigger reserves. */
export const holding = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  portfolio.holdings.get(symbol) ?? NO_SHARES;

/** The shares of a symbol that pending sells hold. They are still part of the holding. */
const heldShares = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  portfolio.sells.reduce(
    (sum, order) => (order.symbol === symbol ? addShares(sum, order.shares) : sum),
    NO_SHARES,
  );

/** The holding of a symbol without the shares that pending sells hold. */
export const availableShares = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  subtractShares(holding(portfolio, symbol), heldShares(portfolio, symbol));

/** Returns the portfolio without the orders that have expired at `now`. */
export function withoutExpired(portfolio: Portfolio, now: Instant, lifetimeMs: number): Portfolio {
  const isLive = (order: Order): boolean => !isExpired(order, now, lifetimeMs);
  if (portfolio.buys.every(isLive) && portfolio.sells.every(isLive)) return portfolio;
  return {
    ...portfolio,
    buys: portfolio.buys.filter(isLive),
    sells: portfolio.sells.filter(isLive),
  };
}
