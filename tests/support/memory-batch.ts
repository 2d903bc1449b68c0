/** The reads and the planned writes of a batch on the tables in memory. */
import { recentEntryOf } from '../../consumers/transaction/rows-of.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { Portfolio } from '../../shared/domain/portfolio.ts';
import type { Shares } from '../../shared/domain/shares.ts';
import type { Instant } from '../../shared/domain/time.ts';
import {
  keyId,
  RECENT_MAX,
  streamKey,
  type BatchNeeds,
  type BatchWrites,
  type LoadedBatch,
  type PortfolioChange,
  type StreamState,
  type UsedKey,
} from '../../shared/ports/batch-store.ts';
import {
  checkBalance,
  checkLedger,
  checkNew,
  checkShares,
  rowsOf,
  type OutboxRow,
  type Tables,
  type UserRows,
} from './memory-tables.ts';

/** Loads only what `needs` names, so that a handler that forgets to ask for a pair finds nothing. */
export function loadBatch(tables: Tables, needs: BatchNeeds, now: Instant): LoadedBatch {
  const streams = new Map<string, StreamState>();
  for (const id of needs.streams) {
    const state = rowsOf(tables, id.user).streams.get(id.stream);
    if (state !== undefined) streams.set(streamKey(id), state);
  }
  const keys = new Map<string, UsedKey>();
  for (const { key } of needs.keys) {
    const used = tables.keys.get(keyId(key));
    if (used !== undefined) keys.set(keyId(key), used);
  }
  const recent = needs.whole.map(
    (user) =>
      [user, rowsOf(tables, user).ledger.slice(-RECENT_MAX).reverse().map(recentEntryOf)] as const,
  );
  const portfolios = needs.users.map((user) => [user, portfolioOf(tables, user, needs)] as const);
  return { now, streams, keys, recent: new Map(recent), portfolios: new Map(portfolios) };
}

function portfolioOf(tables: Tables, user: UserId, { whole, pairs }: BatchNeeds): Portfolio {
  const rows = rowsOf(tables, user);
  const named = new Set(pairs.flatMap((pair) => (pair.user === user ? pair.symbol : [])));
  const isWhole = whole.includes(user);
  const ordered = new Set([...rows.orders.values()].map(({ symbol }) => symbol));
  const asked = <Row>(map: ReadonlyMap<StockSymbol, Row>): Map<StockSymbol, Row> =>
    new Map([...map].filter(([symbol]) => isWhole || named.has(symbol)));
  const holdings = [...rows.holdings].filter(
    ([symbol, shares]) => shares > 0n && (isWhole || named.has(symbol) || ordered.has(symbol)),
  );
  const orders = [...rows.orders.values()].sort((one, other) => one.no - other.no);
  const ofSide = (side: 'buy' | 'sell'): readonly Order[] =>
    orders.flatMap(({ side: own, ...order }) => (own === side ? [order] : []));
  return {
    opened: rows.account !== undefined,
    balance: (rows.account?.balance ?? 0n) as Cents,
    ordersPlaced: rows.account?.ordersPlaced ?? 0,
    holdings: new Map(holdings as [StockSymbol, Shares][]),
    buys: ofSide('buy'),
    sells: ofSide('sell'),
    buyTriggers: asked(rows.buyTriggers),
    sellTriggers: asked(rows.sellTriggers),
  };
}

/** Returns the writes to do at the commit. Throws a `ConstraintError` if the schema would refuse one. */
export function planBatch(
  tables: Tables,
  { changes, ledger, advances, keys, dumps }: BatchWrites,
  outbox: OutboxRow,
): readonly (() => void)[] {
  checkLedger(tables, ledger);
  const plans = changes.flatMap((change) => planChange(rowsOf(tables, change.user), change));
  return [
    ...plans,
    () => {
      for (const line of ledger) rowsOf(tables, line.user).ledger.push(line);
      for (const { user, stream, last, lastOutcome, bodyHash } of advances) {
        const { streams } = rowsOf(tables, user);
        const present = streams.get(stream);
        const kept = present === undefined ? bodyHash : present.bodyHash;
        streams.set(stream, { last, lastOutcome, bodyHash: kept });
      }
      for (const used of keys) tables.keys.set(keyId(used.key), used);
      tables.dumps.push(...dumps);
      if (outbox.body !== '') tables.outbox.set(outbox.id, outbox);
    },
  ];
}

/** Plans to write only the differences, as the adapter does. */
function planChange(rows: UserRows, { before, after }: PortfolioChange): readonly (() => void)[] {
  if (before === after) return [];
  const { balance, ordersPlaced, opened } = after;
  checkBalance(balance);
  for (const shares of after.holdings.values()) checkShares(shares);
  const isSame =
    before.balance === balance && before.ordersPlaced === ordersPlaced && before.opened === opened;
  return [
    () => {
      if (!isSame) rows.account = { balance, ordersPlaced };
      for (const symbol of before.holdings.keys()) {
        if (!after.holdings.has(symbol)) rows.holdings.delete(symbol);
      }
      for (const [symbol, shares] of after.holdings) {
        if (before.holdings.get(symbol) !== shares) rows.holdings.set(symbol, shares);
      }
    },
    ...planOrders(rows, { before, after }),
    () => {
      moveTriggers(rows.buyTriggers, before.buyTriggers, after.buyTriggers);
      moveTriggers(rows.sellTriggers, before.sellTriggers, after.sellTriggers);
    },
  ];
}

function planOrders(
  rows: UserRows,
  { before, after }: Pick<PortfolioChange, 'before' | 'after'>,
): readonly (() => void)[] {
  const known = new Set([...before.buys, ...before.sells].map(({ no }) => no));
  const left = new Set([...after.buys, ...after.sells].map(({ no }) => no));
  const plan = (side: 'buy' | 'sell', orders: readonly Order[]): (() => void)[] =>
    orders.flatMap((order) => {
      if (known.has(order.no)) return [];
      checkNew(!rows.orders.has(order.no), 'orders_pkey');
      return [() => void rows.orders.set(order.no, { ...order, side })];
    });
  const gone = [...known].filter((no) => !left.has(no));
  return [
    () => {
      for (const no of gone) rows.orders.delete(no);
    },
    ...plan('buy', after.buys),
    ...plan('sell', after.sells),
  ];
}

function moveTriggers<Trigger>(
  rows: Map<StockSymbol, Trigger>,
  before: ReadonlyMap<StockSymbol, Trigger>,
  after: ReadonlyMap<StockSymbol, Trigger>,
): void {
  for (const symbol of before.keys()) if (!after.has(symbol)) rows.delete(symbol);
  for (const [symbol, trigger] of after) {
    if (before.get(symbol) !== trigger) rows.set(symbol, trigger);
  }
}
