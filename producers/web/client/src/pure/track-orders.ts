/** Pending orders as time goes by: the server writes nothing when one runs out. */
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';

export type TrackedOrders = {
  /** The most recent first, as the server lists them. */
  readonly pending: readonly PendingOrder[];
  /** Those that ran out before they were decided on, the latest first. */
  readonly ranOut: readonly PendingOrder[];
};

export const NO_ORDERS: TrackedOrders = { pending: [], ranOut: [] };

/** Older ones than these nobody will want again. */
const RAN_OUT_MAX = 3;

type Told = {
  /** As the server told last. */
  readonly known: readonly PendingOrder[];
  /** The server's time: now, or when it told, if that is later than this page believes. */
  readonly now: number;
};

export function trackOrders(before: TrackedOrders, { known, now }: Told): TrackedOrders {
  const isOver = ({ expiresAt }: PendingOrder): boolean => expiresAt <= now;
  const pending = known.filter((order) => !isOver(order));
  // One that is gone before its time was committed or cancelled.
  const over = before.pending.filter(isOver);
  if (over.length === 0 && isSame(pending, before.pending)) return before;
  return { pending, ranOut: [...over, ...before.ranOut].slice(0, RAN_OUT_MAX) };
}

/** Decided on by this page: gone before the server says so, or it would seem to have run out. */
export const withoutDecided = (
  orders: readonly PendingOrder[],
  { side, placedAt }: Pick<PendingOrder, 'side' | 'placedAt'>,
): PendingOrder[] =>
  orders.filter((order) => !(order.side === side && order.placedAt === placedAt));

export const withoutRanOut = (tracked: TrackedOrders, order: PendingOrder): TrackedOrders => ({
  ...tracked,
  ranOut: tracked.ranOut.filter(({ no }) => no !== order.no),
});

const isSame = (one: readonly PendingOrder[], other: readonly PendingOrder[]): boolean =>
  one.map(keyOf).join() === other.map(keyOf).join();

const keyOf = ({ no, next }: PendingOrder): string => `${no}${next ? '!' : ''}`;
