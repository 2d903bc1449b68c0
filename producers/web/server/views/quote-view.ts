/** Renders a stored quote for the web API. Pure. */
import type { QuoteRow } from '../../../../shared/pg/web-quotes.ts';
import type { QuoteView } from '../../../../shared/web-api/quote.ts';

export function quoteView(row: QuoteRow, quoteLifetimeMs: number): QuoteView {
  const ageMs = Math.max(0, Number(row.now - row.received_at));
  return {
    symbol: row.symbol,
    price: Number(row.price),
    receivedAt: Number(row.received_at),
    ageMs,
    fresh: ageMs < quoteLifetimeMs,
  };
}
