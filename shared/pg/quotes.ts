/** Quotes as they are stored (cache level 3), and their history. */
import type { StockSymbol } from '../domain/identity.ts';
import type { Cents } from '../domain/money.ts';
import { instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../messages/quote-message.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

type QuoteRow = { symbol: StockSymbol; price: Cents; received_at: bigint; caused_by: string };
const LOAD = statement<QuoteRow>(
  'quotes-load',
  `SELECT symbol, price, received_at, caused_by FROM quotes WHERE symbol = $1`,
);

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
      received_at = EXCLUDED.received_at, caused_by = EXCLUDED.caused_by`,
);
const REMEMBER = statement(
  'quotes-remember',
  `INSERT INTO quote_history (symbol, received_at, price) VALUES ($1, $2, $3)
   ON CONFLICT DO NOTHING`,
);

export async function saveQuote(
  client: Client,
  { symbol, price, receivedAt, causedBy }: ReceivedQuote,
): Promise<void> {
  await Promise.all([
    SAVE.run(client, symbol, price, receivedAt, causedBy),
    REMEMBER.run(client, symbol, receivedAt, price),
  ]);
}
