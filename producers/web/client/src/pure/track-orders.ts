/** Tracks pending orders as time passes, because the server sends nothing when an order expires. */
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';

export type TrackedOrders = {
  /** Pending orders, most recent first, as the server lists them. */
  readonly pending: readonly PendingOrder[];
  /** Orders that expired without a decision, latest first. */
  readonly ranOut: readonly PendingOrder[];
};

export const NO_ORDERS: TrackedOrders = { pending: [], ranOut: [] };

/** The most expired orders that are shown, to place them again. */
const RAN_OUT_MAX = 3;

type Known = {
  /** The latest list from the server. */
  readonly known: readonly PendingOrder[];
  /** The server's time: now, or that of the list if this page's estimate is behind it. */
  readonly now: number;
};

/** Returns the tracked orders at a later time or with a new list; the same object if nothing changed. */
export function trackOrders(before: TrackedOrders, { known, now }: Known): TrackedOrders {
  const isOver = ({ expiresAt }: PendingOrder): boolean => expiresAt <= now;
  const pending = known.filter((order) => !isOver(order));
  // An order that is gone before its expiry was committed or cancelled.
  const over = before.pending.filter(isOver);
  if (over.length === 0 && isSame(pending, before.pending)) return before;
  return { pending, ranOut: [...over, ...before.ranOut].slice(0, RAN_OUT_MAX) };
}

/** Removes an order that this page decided on, so that it does not seem to expire before the next list. */
export const withoutDecided = (
  orders: readonly PendingOrder[],
  { side, placedAt }: Pick<PendingOrder, 'side' | 'placedAt'>,
): PendingOrder[] =>
  orders.filter((order) => !(order.side === side && order.placedAt === placedAt));

/** Removes an expired order that the user dismissed or placed again. */
export const withoutRanOut = (tracked: TrackedOrders, order: PendingOrder): TrackedOrders => ({
  ...tracked,
  ranOut: tracked.ranOut.filter(({ no }) => no !== order.no),
});

const isSame = (one: readonly PendingOrder[], other: readonly PendingOrder[]): boolean =>
  one.map(keyOf).join() === other.map(keyOf).join();

const keyOf = ({ no, next }: PendingOrder): string => `${no}${next ? '!' : ''}`;
