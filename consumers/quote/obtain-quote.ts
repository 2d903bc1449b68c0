/** A fresh quote, by a hit only where there is none anywhere and nobody else asks for one. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { isInTime, type Asker, type ReceivedQuote } from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { QuoteClaims } from '../../shared/pg/quote-claims.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import {
  isNotMade,
  QuoteUnavailableError,
  type AskOptions,
  type LegacyQuote,
} from './legacy-quote.ts';
import type { AnsweredHit } from './store-quote.ts';
import { pause, type Timers } from '../../shared/runtime/timers.ts';

export type ObtainOptions = {
  readonly timers: Timers;
  readonly clock: DatabaseClock;
  readonly quoteLifetimeMs: number;
  readonly claims: QuoteClaims;
  /** The quote as it is stored (cache level 3): a process that starts anew goes on without a hit. */
  readonly load: (symbol: StockSymbol) => Promise<ReceivedQuote | undefined>;
  /** An ask of the legacy server; rejects with `QuoteUnavailableError` after bounded tries. */
  readonly ask: (
    symbol: StockSymbol,
    asker: Asker,
    options: Required<AskOptions>,
  ) => Promise<LegacyQuote>;
  /** Commits an answered hit and its audit event, before anyone is told. */
  readonly store: (hit: AnsweredHit) => Promise<ReceivedQuote>;
  /** A price that differs from the one before. */
  readonly onChanged: (quote: ReceivedQuote, asker: Asker) => void;
};

export type ObtainCounters = {
  /** Level 3: the database. */
  readonly store: { readonly hits: number; readonly misses: number };
  /** How often another process had the claim. */
  readonly waitedForOther: number;
};

/** The longest wait for the claim, the database and the legacy server together. */
const OBTAIN_MAX_MS = 15_000;
const LOOK_AGAIN_MS = 100;

/**
 * Claims the symbol before it looks into the store, and keeps the claim until its hit is committed:
 * whoever claims next finds that quote. The order of the two, not the ownership of a queue, is what
 * keeps a process that wakes from a pause, and believes it still owns the symbol, from hitting.
 *
 * One that paused after its hit stores the answer when it wakes, though another has the claim by then.
 * So the store is looked at again before each hit of the other.
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

  async obtain(symbol: StockSymbol, asker: Asker): Promise<ReceivedQuote> {
    const { timers } = this.#options;
    const until = timers.now() + OBTAIN_MAX_MS;
    for (;;) {
      try {
        const quote = await this.#attempt(symbol, asker, until);
        if (quote !== undefined) return quote;
        this.#counters.waitedForOther += 1;
      } catch (error) {
        if (!mayPass(error) || timers.now() >= until) throw error;
      }
      if (timers.now() >= until) throw new QuoteUnavailableError(symbol, 'no-turn-in-time', 0);
      if (this.#closing.signal.aborted) throw new QuoteUnavailableError(symbol, 'closing', 0);
      await pause(timers, LOOK_AGAIN_MS, this.#closing.signal);
    }
  }

  /** Begins nothing more. */
  close(): void {
    this.#closing.abort();
  }

  /** Undefined where another process asks for it just now. */
  async #attempt(
    symbol: StockSymbol,
    asker: Asker,
    until: number,
  ): Promise<ReceivedQuote | undefined> {
    const { claims, load } = this.#options;
    const isClaimed = await claims.claim(symbol);
    try {
      // Only now: what was stored until the claim was free is seen by this statement.
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

/** The database may come back, and what was not asked be looked for again; the legacy client has tried enough. */
function mayPass(error: unknown): boolean {
  if (error instanceof QuoteUnavailableError) return isNotMade(error.reason);
  return error instanceof TransientError;
}
