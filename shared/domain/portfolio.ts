/** Everything one user owns or has pending: the unit of consistency. Source: SPEC §2. */
import type { StockSymbol } from './identity.ts';
import { add, NO_MONEY, subtract, type Cents } from './money.ts';
import { isExpired, orderCost, type Order } from './order.ts';
import { addShares, NO_SHARES, subtractShares, type Shares } from './shares.ts';
import type { Instant } from './time.ts';
import type { BuyTrigger, SellTrigger } from './trigger.ts';

/**
 * A user's state, or the part of it that the commands at hand can touch: holdings and triggers may
 * be those of some symbols only, the rest is always whole.
 */
export type Portfolio = {
  /** Whether the account exists: it does from the user's first accepted `ADD`. */
  readonly opened: boolean;
  readonly balance: Cents;
  /** How many orders the user ever placed: the next one's number is one more. */
  readonly ordersPlaced: number;
  /** Shares owned, those of pending sells included, those a trigger reserves not. No zeros. */
  readonly holdings: ReadonlyMap<StockSymbol, Shares>;
  /** Pending buys, most recent last. */
  readonly buys: readonly Order[];
  /** Pending sells, most recent last. */
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

/** Money that pending buys speak for. */
export const held = (portfolio: Portfolio): Cents =>
  portfolio.buys.reduce((sum, order) => add(sum, orderCost(order)), NO_MONEY);

export const available = (portfolio: Portfolio): Cents =>
  subtract(portfolio.balance, held(portfolio));

export const holding = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  portfolio.holdings.get(symbol) ?? NO_SHARES;

/** Shares of a symbol that pending sells speak for. */
export const heldShares = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  portfolio.sells.reduce(
    (sum, order) => (order.symbol === symbol ? addShares(sum, order.shares) : sum),
    NO_SHARES,
  );

export const availableShares = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  subtractShares(holding(portfolio, symbol), heldShares(portfolio, symbol));

/** The portfolio as it is at an instant: orders past their lifetime no longer exist. */
export function withoutExpired(portfolio: Portfolio, now: Instant, lifetimeMs: number): Portfolio {
  const isLive = (order: Order): boolean => !isExpired(order, now, lifetimeMs);
  if (portfolio.buys.every(isLive) && portfolio.sells.every(isLive)) return portfolio;
  return {
    ...portfolio,
    buys: portfolio.buys.filter(isLive),
    sells: portfolio.sells.filter(isLive),
  };
}
