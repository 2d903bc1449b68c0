/** Follows the orders of a user from the commands that placed and decided them. Pure. */
import type { OrderCommandRow } from '../../../../shared/pg/web-orders.ts';

export type OrderFate = {
  readonly status: 'pending' | 'committed' | 'cancelled' | 'expired';
  readonly symbol: string | null;
  /** Null if the price is not known. */
  readonly shares: bigint | null;
  readonly price: bigint | null;
};

type PlacedOrder = Omit<OrderFate, 'status'> & { readonly key: string; readonly at: bigint };

/** The name of a command among those of its user. */
export const commandKey = (row: Pick<OrderCommandRow, 'outbox_id' | 'index'>): string =>
  `${row.outbox_id}.${row.index}`;

/**
 * Returns the fate of the order of each command that placed or decided one, by the command's key. A commit or cancel
 * decides the latest pending order of its side (SPEC §3). The commands must be in their order, and all those within
 * one lifetime of an order of each command that matters must be among them.
 */
export function orderFates(
  commands: readonly OrderCommandRow[],
  orderLifetimeMs: number,
): ReadonlyMap<string, OrderFate> {
  const fates = new Map<string, OrderFate>();
  const pending = { BUY: [] as PlacedOrder[], SELL: [] as PlacedOrder[] };
  for (const row of commands) {
    const [verb, side] = partsOf(row.command);
    const isAlive = ({ at }: PlacedOrder): boolean => row.at < at + BigInt(orderLifetimeMs);
    pending[side] = pending[side].filter(isAlive);
    const key = commandKey(row);
    if (verb === 'PLACE') {
      const order = placedOrder(row, key);
      pending[side].push(order);
      const isOver = row.now >= row.at + BigInt(orderLifetimeMs);
      fates.set(key, fateOf(order, isOver ? 'expired' : 'pending'));
      continue;
    }
    const decided = pending[side].pop();
    if (decided === undefined) continue;
    const fate = fateOf(decided, verb === 'COMMIT' ? 'committed' : 'cancelled');
    fates.set(decided.key, fate);
    fates.set(key, fate);
  }
  return fates;
}

/** `COMMIT_BUY` → `['COMMIT', 'BUY']`, `SELL` → `['PLACE', 'SELL']`. */
function partsOf(
  command: OrderCommandRow['command'],
): readonly ['PLACE' | 'COMMIT' | 'CANCEL', 'BUY' | 'SELL'] {
  const side = command.endsWith('BUY') ? 'BUY' : 'SELL';
  if (command.startsWith('COMMIT')) return ['COMMIT', side];
  return [command.startsWith('CANCEL') ? 'CANCEL' : 'PLACE', side];
}

const placedOrder = ({ symbol, funds, price, at }: OrderCommandRow, key: string): PlacedOrder => ({
  key,
  at,
  symbol,
  price,
  shares: price === null || funds === null ? null : funds / price,
});

const fateOf = (
  { symbol, shares, price }: PlacedOrder,
  status: OrderFate['status'],
): OrderFate => ({ status, symbol, shares, price });
