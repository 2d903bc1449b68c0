/** An answered hit, stored with its audit event in one transaction. */
import { instant, type Instant } from '../../shared/domain/time.ts';
import { renderAuditRows, type AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { Asker, ReceivedQuote } from '../../shared/messages/quote-message.ts';
import { insertOutbox, takeNow } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { saveQuote } from '../../shared/pg/quotes.ts';
import { asTransient, inTransaction } from '../../shared/pg/transaction.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { LegacyQuote } from './legacy-quote.ts';

/** What the legacy server answered, and when; it is paid for. */
export type AnsweredHit = {
  readonly answer: LegacyQuote;
  readonly asker: Asker;
  /** Milliseconds of the monotonic clock. */
  readonly answeredAt: number;
  /** The hit began no earlier, in the database's time. */
  readonly notBefore: Instant;
};

export type StoredHit = {
  readonly quote: ReceivedQuote;
  readonly audit: { readonly id: string; readonly body: string };
};

export type StoreOptions = {
  readonly pool: Pool;
  /** The name of this process. */
  readonly server: string;
  readonly quoteLifetimeMs: number;
  readonly pause: (ms: number) => Promise<void>;
  readonly onHeld: (error: unknown) => void;
};

const RETRY = { firstMs: 50, longestMs: 2_000 };

/**
 * Commits what the legacy server answered; the number is that of the command that caused the hit.
 * While the database is away it tries again without end, for a hit that is paid for must not go
 * unrecorded; the receipt stays what it was, so a price does not grow younger by waiting.
 */
export async function storeHit(hit: AnsweredHit, options: StoreOptions): Promise<StoredHit> {
  let stored: StoredHit | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const isAgain = stored !== undefined;
      stored ??= await describeHit(hit, options);
      await commitHit({ ...stored, askedAt: hit.notBefore }, options, isAgain);
      return stored;
    } catch (error) {
      const fault = asTransient(error);
      if (!(fault instanceof TransientError)) throw fault;
      options.onHeld(fault);
      await options.pause(backoffMs(attempt, RETRY));
    }
  }
}

/** Fixes the receipt and the audit message once: a second try stores the very same. */
async function describeHit(
  { answer, asker, answeredAt, notBefore }: AnsweredHit,
  { pool, server }: StoreOptions,
): Promise<StoredHit> {
  const { now, outboxId } = await takeNow(pool);
  const at = Math.max(notBefore, Math.floor(now - (performance.now() - answeredAt)));
  const { symbol, price, user, serverTime, cryptokey } = answer;
  const entry: AuditEntry = {
    kind: 'quoteServer',
    at,
    server,
    number: asker.number,
    user,
    ...commandOf(asker),
    symbol,
    funds: price,
    quoteServerTime: serverTime,
    cryptokey,
  };
  return {
    quote: { symbol, price, receivedAt: instant(at), causedBy: asker.id },
    audit: { id: outboxId, body: renderAuditRows([entry], outboxId) },
  };
}

/**
 * The answer to a commit may be lost. The row in the history tells: it is there only if the first
 * try took effect, and the audit message may be taken from the outbox by then.
 */
async function commitHit(
  { quote, audit, askedAt }: StoredHit & { readonly askedAt: Instant },
  { pool, quoteLifetimeMs }: StoreOptions,
  isAgain: boolean,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const freshUntil = Math.floor(quote.receivedAt + quoteLifetimeMs);
    const isNew = await saveQuote(client, quote, { askedAt, freshUntil });
    if (isNew || !isAgain) await insertOutbox(client, audit.id, audit.body);
  });
}

/** The command that caused the hit, where one did: its run counts the hit as its own. */
function commandOf({ id }: Asker): { readonly stream: string; readonly position: number } | object {
  const [, stream, position] = /^[^/]+\/(.+)\/(\d+)$/.exec(id) ?? [];
  return stream === undefined ? {} : { stream, position: Number(position) };
}
