/** Stored quotes, the last level of the cache, and their history. */
import type { StockSymbol } from '../domain/identity.ts';
import type { Cents } from '../domain/money.ts';
import { instant, type Instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../domain/quote.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

type QuoteRow = { symbol: StockSymbol; price: Cents; received_at: bigint; caused_by: string };
const LOAD = statement<QuoteRow>(
  'quotes-load',
  `SELECT symbol, price, received_at, caused_by FROM quotes WHERE symbol = $1`,
);

/** Loads the latest quote of a symbol, fresh or not; undefined if there is none. */
export async function loadQuote(
  pool: Pool,
  symbol: StockSymbol,
): Promise<ReceivedQuote | undefined> {
  const [row] = await LOAD.run(pool, symbol);
  if (row === undefined) return undefined;
  const { price, received_at, caused_by } = row;
  return { symbol, price, receivedAt: instant(Number(received_at)), causedBy: caused_by };
}

const SAVE = statement(
  'quotes-save',
  `INSERT INTO quotes (symbol, price, received_at, caused_by) VALUES ($1, $2, $3, $4)
   ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price,
      received_at = EXCLUDED.received_at, caused_by = EXCLUDED.caused_by
      WHERE quotes.received_at <= EXCLUDED.received_at`,
);
const REMEMBER = statement<{ symbol: string }>(
  'quotes-remember',
  `INSERT INTO quote_history (symbol, asked_at, received_at, fresh_until, price)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT DO NOTHING RETURNING symbol`,
);

/**
 * Stores a quote unless a later one is stored, and adds it to the history. Returns false if the history
 * has it already. Locks the symbol's row first, so a concurrent transaction with the same quote has ended
 * by then.
 */
export async function saveQuote(
  client: Client,
  { symbol, price, receivedAt, causedBy }: ReceivedQuote,
  { askedAt, freshUntil }: { readonly askedAt: Instant; readonly freshUntil: number },
): Promise<boolean> {
  const [, remembered] = await Promise.all([
    SAVE.run(client, symbol, price, receivedAt, causedBy),
    REMEMBER.run(client, symbol, askedAt, receivedAt, freshUntil, price),
  ]);
  return remembered.length > 0;
}
