/** The quote store on PostgreSQL. */
import type { QuoteStore } from '../ports/quote-store.ts';
import { insertOutbox, takeNow } from './outbox.ts';
import type { Pool } from './pool.ts';
import { saveQuote } from './quotes.ts';
import { inTransaction } from './transaction.ts';

export const openQuoteStore = (pool: Pool): QuoteStore => ({
  takeNow: () => takeNow(pool),
  // The row in the history shows whether an earlier attempt was committed. The outbox does not, because
  // its row may have been stored and deleted since.
  commitHit: ({ quote, audit, ...at }, isAgain) =>
    inTransaction(pool, async (client) => {
      const isNew = await saveQuote(client, quote, at);
      if (isNew || !isAgain) await insertOutbox(client, audit.id, audit.body);
    }),
});
