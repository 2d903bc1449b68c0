/** The data for the chart of a user's value: movements and prices in equal parts of a time range. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import type { PriceRange } from './web-quotes.ts';

export type MovementRow = {
  /** 0 for the time before the range, then 1 to the number of parts. */
  readonly part: number;
  readonly symbol: string | null;
  readonly cash: bigint;
  readonly deposited: bigint;
  readonly shares: bigint;
};

const MOVEMENTS = statement<MovementRow>(
  'web-value-movements',
  `SELECT width_bucket(at::numeric, $2::numeric, $3::numeric, $4::int) AS part, symbol,
          sum(balance + reserve)::bigint AS cash, sum(deposited)::bigint AS deposited,
          sum(traded_shares)::bigint AS shares
     FROM ledger WHERE user_id = $1 AND at < $3::bigint GROUP BY 1, 2 ORDER BY 1`,
);

/** Loads the sums of the movements of each part, by symbol. */
export const loadMovements = async (
  pool: Pool,
  user: string,
  { from, to, parts }: PriceRange,
): Promise<readonly MovementRow[]> => await MOVEMENTS.run(pool, user, from, to, parts);

export type PartPriceRow = {
  readonly part: number;
  readonly symbol: string;
  readonly price: bigint;
};

const PRICES = statement<PartPriceRow>(
  'web-value-prices',
  `SELECT 0 AS part, s.symbol, h.price FROM unnest($1::text[]) AS s (symbol)
     CROSS JOIN LATERAL (SELECT price FROM quote_history q
        WHERE q.symbol = s.symbol AND received_at < $2::bigint
        ORDER BY received_at DESC LIMIT 1) AS h
   UNION ALL
   (SELECT DISTINCT ON (part, symbol)
           width_bucket(received_at::numeric, $2::numeric, $3::numeric, $4::int) AS part, symbol,
           price
      FROM quote_history
     WHERE symbol = ANY($1::text[]) AND received_at >= $2::bigint AND received_at < $3::bigint
     ORDER BY part, symbol, received_at DESC)`,
);

/** Loads the last price in each part; for part 0, the last price before the range. */
export const loadPartPrices = async (
  pool: Pool,
  symbols: readonly string[],
  { from, to, parts }: PriceRange,
): Promise<readonly PartPriceRow[]> =>
  symbols.length === 0 ? [] : await PRICES.run(pool, symbols, from, to, parts);

const FIRST = statement<{ at: bigint | null; now: bigint }>(
  'web-value-first',
  `SELECT (SELECT at FROM ledger WHERE user_id = $1 ORDER BY id LIMIT 1) AS at, now_ms() AS now`,
);

/** Returns the time of the user's first ledger entry, and the database's time. */
export async function firstMovementAt(
  pool: Pool,
  user: string,
): Promise<{ readonly at: number | undefined; readonly now: number }> {
  const [row] = await FIRST.run(pool, user);
  const at = row?.at ?? undefined;
  return { at: at === undefined ? undefined : Number(at), now: Number(row?.now ?? 0n) };
}
