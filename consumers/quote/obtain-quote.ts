/** Obtains a fresh quote: calls the legacy server only if the store has none and no process is asking. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { isInTime, type Asker } from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { QuoteClaims } from '../../shared/pg/quote-claims.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import {
  isNotMade,
  QuoteUnavailableError,
  type LegacyAskOptions,
  type LegacyQuote,
} from './legacy-quote.ts';
import type { AnsweredHit } from './store-quote.ts';
import { pause, type Timers } from '../../shared/runtime/timers.ts';

export type ObtainOptions = {
  readonly timers: Timers;
  readonly clock: DatabaseClock;
  readonly quoteLifetimeMs: number;
  readonly claims: QuoteClaims;
  /** Loads the stored quote (cache level 3), so that a restarted process goes on without hits. */
  readonly load: (symbol: StockSymbol) => Promise<ReceivedQuote | undefined>;
  /** Asks the legacy server; rejects with `QuoteUnavailableError` after bounded tries. */
  readonly ask: (
    symbol: StockSymbol,
    asker: Asker,
    options: Required<LegacyAskOptions>,
  ) => Promise<LegacyQuote>;
  /** Commits an answered hit and its audit event; no reply is sent before. */
  readonly store: (hit: AnsweredHit) => Promise<ReceivedQuote>;
  /** Called if a hit brought another price than the stored one. */
  readonly onChanged: (quote: ReceivedQuote, asker: Asker) => void;
};

type ObtainCounters = {
  /** Level 3: the database. */
  readonly store: { readonly hits: number; readonly misses: number };
  /** How often another process held the claim. */
  readonly waitedForOther: number;
};

/** The longest wait for the claim, the database and the legacy server together. */
const OBTAIN_MAX_MS = 15_000;
/** How long to wait before the next attempt. */
const RETRY_AFTER_MS = 100;

/**
 * Claims the symbol, then loads the stored quote, and keeps the claim until its hit is committed, so
 * that the next process to claim the symbol finds that quote. This order prevents a second hit by a
 * process that was paused and still believes that it owns the symbol; owning a queue would not.
 *
 * A process that was paused after its hit stores the answer when it wakes, when another may hold the
 * claim. So the store is checked again just before each hit.
 */
export class QuoteObtainer {
  readonly #options: ObtainOptions;
  readonly #closing = new AbortController();
  readonly #counters = { hits: 0, misses: 0, waitedForOther: 0 };

  constructor(options: ObtainOptions) {
    this.#options = options;
  }

  get counters(): ObtainCounters {
    const { hits, misses, waitedForOther } = this.#counters;
    return { store: { hits, misses }, waitedForOther };
  }

  /**
   * Resolves to a fresh quote within about `OBTAIN_MAX_MS`; rejects with `QuoteUnavailableError` if there
   * is none, or with the last fault of the database.
   */
  async obtain(symbol: StockSymbol, asker: Asker): Promise<ReceivedQuote> {
    const { timers } = this.#options;
    const until = timers.now() + OBTAIN_MAX_MS;
    for (;;) {
      try {
        const quote = await this.#attempt(symbol, asker, until);
        if (quote !== undefined) return quote;
        this.#counters.waitedForOther += 1;
      } catch (error) {
        if (!isRetryable(error) || timers.now() >= until) throw error;
      }
      if (timers.now() >= until) throw new QuoteUnavailableError(symbol, 'no-turn-in-time', 0);
      if (this.#closing.signal.aborted) throw new QuoteUnavailableError(symbol, 'closing', 0);
      await pause(timers, RETRY_AFTER_MS, this.#closing.signal);
    }
  }

  /** Makes no more attempts; those under way finish. */
  close(): void {
    this.#closing.abort();
  }

  /** Resolves to undefined if another process holds the claim. */
  async #attempt(
    symbol: StockSymbol,
    asker: Asker,
    until: number,
  ): Promise<ReceivedQuote | undefined> {
    const { claims, load } = this.#options;
    const isClaimed = await claims.claim(symbol);
    try {
      // Must follow the claim: only then does it see all that earlier holders of the claim stored.
      const stored = await load(symbol);
      const now = this.#options.clock.now();
      if (this.#isFresh(stored, now)) {
        this.#counters.hits += 1;
        return stored;
      }
      if (!isInTime(asker, now)) throw new QuoteUnavailableError(symbol, 'too-late', 0);
      if (!isClaimed) return undefined;
      this.#counters.misses += 1;
      return await this.#hit({ symbol, asker, stored, now, until });
    } finally {
      if (isClaimed) await claims.release(symbol);
    }
  }

  async #hit(wanted: {
    readonly symbol: StockSymbol;
    readonly asker: Asker;
    readonly stored: ReceivedQuote | undefined;
    readonly now: Instant;
    readonly until: number;
  }): Promise<ReceivedQuote> {
    const { timers, clock, load, ask, store, onChanged } = this.#options;
    const { symbol, asker, stored, now } = wanted;
    const answer = await ask(symbol, asker, {
      withinMs: wanted.until - timers.now(),
      isMissing: async () =>
        !this.#isFresh(await load(symbol), clock.now()) && isInTime(asker, clock.now()),
    });
    const quote = await store({ answer, asker, answeredAt: timers.now(), notBefore: now });
    if (quote.price !== stored?.price) onChanged(quote, asker);
    return quote;
  }

  #isFresh(quote: ReceivedQuote | undefined, now: Instant): quote is ReceivedQuote {
    return quote !== undefined && now < quote.receivedAt + this.#options.quoteLifetimeMs;
  }
}

/**
 * Whether another attempt may succeed: after a database fault, or if no hit was made because another
 * process had the claim or stored the quote. The legacy client has made its own tries already.
 */
function isRetryable(error: unknown): boolean {
  if (error instanceof QuoteUnavailableError) return isNotMade(error.reason);
  return error instanceof TransientError;
}
