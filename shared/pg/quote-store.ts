/** Recording a paid hit on PostgreSQL. */
import type { QuoteStore } from '../ports/quote-store.ts';
import { insertOutbox, takeNow } from './outbox.ts';
import type { Pool } from './pool.ts';
import { saveQuote } from './quotes.ts';
import { inTransaction } from './transaction.ts';

export const openQuoteStore = (pool: Pool): QuoteStore => ({
  takeNow: () => takeNow(pool),
  // The row in the history tells whether an earlier try took effect: it is there only then, while
  // the audit message may have been taken from the outbox since.
  commitHit: ({ quote, audit, ...at }, isAgain) =>
    inTransaction(pool, async (client) => {
      const isNew = await saveQuote(client, quote, at);
      if (isNew || !isAgain) await insertOutbox(client, audit.id, audit.body);
    }),
});
