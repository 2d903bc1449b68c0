/** An answered hit, stored with its audit event in one transaction. */
import { instant } from '../../shared/domain/time.ts';
import { renderAuditRows, type AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { Asker, ReceivedQuote } from '../../shared/messages/quote-message.ts';
import { insertOutbox, takeNow } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { saveQuote } from '../../shared/pg/quotes.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import type { LegacyQuote } from './legacy-client.ts';

export type StoredHit = {
  readonly quote: ReceivedQuote;
  readonly audit: { readonly id: string; readonly body: string };
};

/** Commits what the legacy server answered; the number is that of the command that caused the hit. */
export async function storeQuote(
  pool: Pool,
  server: string,
  { answer, asker }: { readonly answer: LegacyQuote; readonly asker: Asker },
): Promise<StoredHit> {
  return await inTransaction(pool, async (client) => {
    const { now, outboxId } = await takeNow(client);
    const { symbol, price } = answer;
    const quote = { symbol, price, receivedAt: instant(now), causedBy: asker.id };
    const entry: AuditEntry = {
      kind: 'quoteServer',
      at: now,
      server,
      number: asker.number,
      user: answer.user,
      symbol,
      funds: price,
      quoteServerTime: answer.serverTime,
      cryptokey: answer.cryptokey,
    };
    const body = renderAuditRows([entry], outboxId);
    await Promise.all([saveQuote(client, quote), insertOutbox(client, outboxId, body)]);
    return { quote, audit: { id: outboxId, body } };
  });
}
