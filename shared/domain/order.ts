/** An order: a buy or sell that awaits its commit, cancel or expiry. */
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import { costOf, type Shares } from './shares.ts';
import { later, type Instant } from './time.ts';

export type Order = {
  /** The number of the order, counted per user from 1. Pending orders are stacked in this order. */
  readonly no: number;
  readonly symbol: StockSymbol;
  readonly shares: Shares;
  readonly price: Cents;
  /** When the order was placed. */
  readonly at: Instant;
};

/** The cost of a buy, or the proceeds of a sell: shares × price. */
export const orderCost = (order: Order): Cents => costOf(order.shares, order.price);

/** Whether an order has expired: `lifetimeMs` or more have passed since it was placed. */
export const isExpired = (order: Order, now: Instant, lifetimeMs: number): boolean =>
  now >= later(order.at, lifetimeMs);
