/** Stored quotes and their history, for the web. Nothing here asks the quote server. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type QuoteRow = {
  readonly symbol: string;
  readonly price: bigint;
  readonly received_at: bigint;
  readonly now: bigint;
};

const LIST = statement<QuoteRow>(
  'web-quotes-list',
  `SELECT symbol, price, received_at, now_ms() AS now FROM quotes WHERE symbol = ANY($1::text[])`,
);
export const loadQuotes = async (
  pool: Pool,
  symbols: readonly string[],
): Promise<readonly QuoteRow[]> => await LIST.run(pool, symbols);

/** `$1` must be letters only, so that it contains no pattern. */
const FIND = statement<QuoteRow>(
  'web-quotes-find',
  `SELECT symbol, price, received_at, now_ms() AS now FROM quotes
    WHERE symbol LIKE $1 || '%' ORDER BY symbol LIMIT $2`,
);
export const findQuotes = async (
  pool: Pool,
  prefix: string,
  most: number,
): Promise<readonly QuoteRow[]> => await FIND.run(pool, prefix, most);

type PriceRow = { readonly at: bigint; readonly price: bigint };

/** The last price before the range, and the last in each of its `$4` equal parts. By primary key. */
const HISTORY = statement<PriceRow>(
  'web-quotes-history',
  `(SELECT received_at AS at, price FROM quote_history
     WHERE symbol = $1 AND received_at < $2 ORDER BY received_at DESC LIMIT 1)
   UNION ALL
   (SELECT at, price FROM (
      SELECT DISTINCT ON (width_bucket(received_at::numeric, $2::numeric, $3::numeric, $4::int))
             received_at AS at, price FROM quote_history
       WHERE symbol = $1 AND received_at >= $2 AND received_at < $3
       ORDER BY width_bucket(received_at::numeric, $2::numeric, $3::numeric, $4::int),
                received_at DESC) AS last_of_each ORDER BY at)`,
);

export type PriceRange = { readonly from: number; readonly to: number; readonly parts: number };

/** Loads the history of a price, the oldest first. */
export const loadPriceHistory = async (
  pool: Pool,
  symbol: string,
  { from, to, parts }: PriceRange,
): Promise<readonly PriceRow[]> => await HISTORY.run(pool, symbol, from, to, parts);

type DayRow = { readonly low: bigint | null; readonly high: bigint | null };

/** The price at the start of the day counts, because it is the first of the day. By primary key. */
const DAY_RANGE = statement<DayRow>(
  'web-quotes-day-range',
  `SELECT min(price) AS low, max(price) AS high FROM quote_history
    WHERE symbol = $1 AND received_at >= coalesce(
            (SELECT max(received_at) FROM quote_history WHERE symbol = $1 AND received_at < $2), $2)`,
);

/** Loads the lowest and the highest price of a symbol since an instant; undefined if it has none. */
export async function loadDayRange(
  pool: Pool,
  symbol: string,
  since: number,
): Promise<{ readonly low: bigint; readonly high: bigint } | undefined> {
  const { low = null, high = null } = (await DAY_RANGE.run(pool, symbol, since))[0] ?? {};
  return low === null || high === null ? undefined : { low, high };
}

const FIRST = statement<{ at: bigint | null; now: bigint }>(
  'web-quotes-first',
  `SELECT (SELECT min(received_at) FROM quote_history WHERE symbol = $1) AS at, now_ms() AS now`,
);

/** Returns the time of the symbol's first quote, and the database's time. */
export async function firstQuoteAt(
  pool: Pool,
  symbol: string,
): Promise<{ readonly at: number | undefined; readonly now: number }> {
  const [row] = await FIRST.run(pool, symbol);
  const at = row?.at ?? undefined;
  return { at: at === undefined ? undefined : Number(at), now: Number(row?.now ?? 0n) };
}

export type PastQuote = {
  readonly symbol: string;
  readonly price: bigint;
  readonly received_at: bigint;
};

/** By primary key. */
const AT = statement<PastQuote>(
  'web-quotes-at',
  `SELECT s.symbol, q.price, q.received_at FROM unnest($1::text[]) AS s (symbol)
     CROSS JOIN LATERAL (
       (SELECT price, received_at FROM quote_history h
         WHERE h.symbol = s.symbol AND received_at < $2 ORDER BY received_at DESC LIMIT 1)
       UNION ALL
       (SELECT price, received_at FROM quote_history h
         WHERE h.symbol = s.symbol AND received_at >= $2 ORDER BY received_at LIMIT 1)
       LIMIT 1) AS q`,
);

/** Loads the last quote of each symbol before an instant, or else its first one after it. */
export const loadQuotesAt = async (
  pool: Pool,
  symbols: readonly string[],
  at: number,
): Promise<readonly PastQuote[]> => (symbols.length === 0 ? [] : await AT.run(pool, symbols, at));
