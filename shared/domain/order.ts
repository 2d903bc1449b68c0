/** A buy or sell that awaits its commit, cancel or expiry. */
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import { costOf, type Shares } from './shares.ts';
import { later, type Instant } from './time.ts';

export type Order = {
  /** Counts a user's orders from 1; it orders the stacks. */
  readonly no: number;
  readonly symbol: StockSymbol;
  readonly shares: Shares;
  readonly price: Cents;
  /** When it was executed. */
  readonly at: Instant;
};

export const orderCost = (order: Order): Cents => costOf(order.shares, order.price);

export const isExpired = (order: Order, now: Instant, lifetimeMs: number): boolean =>
  now >= later(order.at, lifetimeMs);
