/** Finds the armed triggers that a price meets. */
import { armingId, type ArmingId, type StockSymbol, type UserId } from '../domain/identity.ts';
import type { Side } from '../domain/command.ts';
import type { UserFiring } from '../messages/command-message.ts';
import type { ReceivedQuote } from '../domain/quote.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

type MetRow = { user_id: UserId; symbol: StockSymbol; side: Side; arming_id: string };

/** By the partial index triggers_armed. */
const MET = statement<MetRow>(
  'triggers-met',
  `SELECT user_id, symbol, side, arming_id FROM triggers
    WHERE arming_id IS NOT NULL AND symbol = $1 AND side = 'buy' AND price >= $2
   UNION ALL
   SELECT user_id, symbol, side, arming_id FROM triggers
    WHERE arming_id IS NOT NULL AND symbol = $1 AND side = 'sell' AND price <= $2`,
);

/** Returns the armed triggers that a quote meets. */
export async function triggersMetBy(
  pool: Pool,
  { symbol, price }: Pick<ReceivedQuote, 'symbol' | 'price'>,
): Promise<readonly UserFiring[]> {
  return (await MET.run(pool, symbol, price)).map(firingOf);
}

const MET_BY_LATEST = statement<MetRow>(
  'triggers-met-by-latest',
  `SELECT t.user_id, t.symbol, t.side, t.arming_id FROM triggers t JOIN quotes q USING (symbol)
    WHERE t.arming_id IS NOT NULL
      AND q.received_at + $1 > extract(epoch FROM clock_timestamp()) * 1000
      AND (t.side = 'buy' AND t.price >= q.price OR t.side = 'sell' AND t.price <= q.price)
    LIMIT $2`,
);

/**
 * Returns at most `most` armed triggers that the latest quote of their symbol meets while it is fresh. It
 * finds those that no `quotes.changed` message fired.
 */
export async function triggersMetByLatest(
  pool: Pool,
  { quoteLifetimeMs, most }: { readonly quoteLifetimeMs: number; readonly most: number },
): Promise<readonly UserFiring[]> {
  return (await MET_BY_LATEST.run(pool, quoteLifetimeMs, most)).map(firingOf);
}

const firingOf = ({ user_id, symbol, side, arming_id }: MetRow): UserFiring => ({
  type: 'firing',
  user: user_id,
  firing: { type: 'FIRE_TRIGGER', side, symbol, armingId: armingId(arming_id) },
});

export type StaleSymbol = {
  readonly symbol: StockSymbol;
  /** The user, number and arming id of the oldest armed trigger on it, which the refreshing hit is for. */
  readonly user: UserId;
  readonly number: number;
  readonly armingId: ArmingId;
};

const STALE = statement<{
  symbol: StockSymbol;
  user_id: UserId;
  armed_number: bigint;
  arming_id: string;
}>(
  'triggers-stale-symbols',
  `SELECT DISTINCT ON (t.symbol) t.symbol, t.user_id, t.armed_number, t.arming_id
     FROM triggers t LEFT JOIN quotes q USING (symbol)
    WHERE t.arming_id IS NOT NULL
      AND (q.symbol IS NULL
           OR q.received_at + $1 <= extract(epoch FROM clock_timestamp()) * 1000)
    ORDER BY t.symbol, t.arming_id`,
);

/** Returns the symbols with armed triggers and no fresh quote. Arming ids sort by the time of arming. */
export async function staleSymbols(
  pool: Pool,
  quoteLifetimeMs: number,
): Promise<readonly StaleSymbol[]> {
  const rows = await STALE.run(pool, quoteLifetimeMs);
  return rows.map((row) => ({
    symbol: row.symbol,
    user: row.user_id,
    number: Number(row.armed_number),
    armingId: armingId(row.arming_id),
  }));
}

const ARMED = statement<{ side: Side; armed: bigint }>(
  'triggers-armed',
  `SELECT side, count(*) AS armed FROM triggers WHERE arming_id IS NOT NULL GROUP BY side`,
);

/** Counts the armed triggers of each side. */
export async function countArmed(pool: Pool): Promise<Readonly<Record<Side, number>>> {
  const rows = await ARMED.run(pool);
  const of = (side: Side): number => Number(rows.find((row) => row.side === side)?.armed ?? 0);
  return { buy: of('buy'), sell: of('sell') };
}
