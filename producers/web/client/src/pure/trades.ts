/** The user's own trades of a stock, and where they are on its chart. */
import type { HistoryItem } from '../../../../../shared/web-api/history.ts';
import { formatMoney, formatShares } from './money.ts';
import type { Point } from './resample.ts';
import { formatInstant } from './time.ts';

export type Trade = {
  readonly at: number;
  readonly isBuy: boolean;
  readonly shares: number;
  readonly price: number;
};

/** The entries of the ledger that are trades: whether each is a buy. */
const IS_BUY: Readonly<Record<string, boolean | undefined>> = {
  BuyCommitted: true,
  BuyTriggerFired: true,
  SellCommitted: false,
  SellTriggerFired: false,
};

export const tradesOf = (items: readonly HistoryItem[]): readonly Trade[] =>
  items.flatMap((item) => {
    const isBuy = IS_BUY[item.type];
    if (item.of !== 'ledger' || isBuy === undefined || item.price === null) return [];
    // A sell trigger sells shares that it has reserved before.
    const shares = Math.abs(item.type === 'SellTriggerFired' ? item.reservedShares : item.shares);
    return [{ at: item.at, isBuy, shares, price: item.price }];
  });

/** Returns the index of the first point at or after an instant; undefined if the chart starts later. */
export function indexAt(points: readonly Point[], at: number): number | undefined {
  const first = points[0];
  if (first === undefined) return undefined;
  // The first point may be up to one step later than the price that it shows.
  const step = (points[1]?.at ?? Infinity) - first.at;
  if (at <= first.at - step) return undefined;
  const index = points.findIndex((point) => point.at >= at);
  return index === -1 ? points.length - 1 : index;
}

/** A point of the chart with the trades at it. */
export type MarkedPoint = { readonly at: number; readonly trades: readonly Trade[] };

/** Puts each trade at its point; leaves out those before the chart. In order of time, as charts need it. */
export function markTrades(
  points: readonly Point[],
  trades: readonly Trade[],
): readonly MarkedPoint[] {
  const byTime = new Map<number, Trade[]>();
  for (const trade of [...trades].sort((one, other) => one.at - other.at)) {
    const index = indexAt(points, trade.at);
    const at = index === undefined ? undefined : points[index]?.at;
    if (at !== undefined) byTime.set(at, [...(byTime.get(at) ?? []), trade]);
  }
  return [...byTime].map(([at, there]) => ({ at, trades: there }));
}

/** `Nov 25, 2026, 14:55:18: $12.30. Bought 4 shares at $12.28.` */
export function describePoint({ at, value }: Point, marks: readonly MarkedPoint[]): string {
  const there = marks.find((mark) => mark.at === at)?.trades ?? [];
  return [`${formatInstant(at)}: ${formatMoney(value)}.`, ...there.map(describeTrade)].join(' ');
}

const describeTrade = ({ isBuy, shares, price }: Trade): string =>
  `${isBuy ? 'Bought' : 'Sold'} ${formatShares(shares)} at ${formatMoney(price)}.`;

/** `Your trades: 2 buys, 1 sale.`; empty if there are none. */
export function countTrades(marks: readonly MarkedPoint[]): string {
  const trades = marks.flatMap((mark) => mark.trades);
  const buys = trades.filter(({ isBuy }) => isBuy).length;
  const parts = [plural(buys, 'buy', 'buys'), plural(trades.length - buys, 'sale', 'sales')];
  const named = parts.filter((part) => part !== undefined);
  return named.length === 0 ? '' : `Your trades: ${named.join(', ')}.`;
}

const plural = (count: number, one: string, many: string): string | undefined =>
  count === 0 ? undefined : `${count} ${count === 1 ? one : many}`;
