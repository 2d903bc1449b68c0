/** Stores an answered hit with its audit event in one transaction. */
import { instant, type Instant } from '../../shared/domain/time.ts';
import { renderAuditRows, type AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { Asker } from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import { asTransient } from '../../shared/pg/connection.ts';
import type { QuoteStore } from '../../shared/ports/quote-store.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import { retry } from '../../shared/runtime/retry.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { LegacyQuote } from './legacy-quote.ts';

/** An answer of the legacy server and when it came; it is paid for. */
export type AnsweredHit = {
  readonly answer: LegacyQuote;
  readonly asker: Asker;
  /** When the answer came, by the timers of the process. */
  readonly answeredAt: number;
  /** A lower bound on the start of the hit, in the database's time. */
  readonly notBefore: Instant;
};

export type StoredHit = {
  readonly quote: ReceivedQuote;
  readonly audit: { readonly id: string; readonly body: string };
};

export type StoreOptions = {
  readonly quotes: QuoteStore;
  readonly timers: Pick<Timers, 'now'>;
  /** The name of this process. */
  readonly server: string;
  readonly quoteLifetimeMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Called with each fault that delays the commit. */
  readonly onHeld: (error: unknown) => void;
};

const RETRY = { firstMs: 50, longestMs: 2_000 };

/**
 * Commits an answered hit; its audit event has the number of the command that caused it. Retries
 * without limit while faults are transient, because a hit that is paid for must be recorded. The time
 * of receipt stays the same over all tries, so a price does not get younger by waiting.
 */
export async function storeHit(hit: AnsweredHit, options: StoreOptions): Promise<StoredHit> {
  let stored: StoredHit | undefined;
  const store = async (): Promise<StoredHit> => {
    const isAgain = stored !== undefined;
    stored ??= await describeHit(hit, options);
    await commit({ ...stored, askedAt: hit.notBefore }, options, isAgain);
    return stored;
  };
  return await retry(store, {
    backoff: RETRY,
    pause: options.pause,
    isRetryable: (error) => asTransient(error) instanceof TransientError,
    onHeld: options.onHeld,
  });
}

/** Makes the quote and the audit message once, so that a second try stores the same. */
async function describeHit(
  { answer, asker, answeredAt, notBefore }: AnsweredHit,
  { quotes, timers, server }: StoreOptions,
): Promise<StoredHit> {
  const { now, outboxId } = await quotes.takeNow();
  const at = Math.max(notBefore, Math.floor(now - (timers.now() - answeredAt)));
  const { symbol, price, user, serverTime, cryptokey } = answer;
  const entry: AuditEntry = {
    kind: 'quoteServer',
    at,
    server,
    number: asker.number,
    user,
    stream: asker.stream,
    position: asker.position,
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

const commit = (
  stored: StoredHit & { readonly askedAt: Instant },
  { quotes, quoteLifetimeMs }: StoreOptions,
  isAgain: boolean,
): Promise<void> => {
  const freshUntil = Math.floor(stored.quote.receivedAt + quoteLifetimeMs);
  return quotes.commitHit({ ...stored, freshUntil }, isAgain);
};
