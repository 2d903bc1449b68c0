/** The quote cache of a quote process (level 2), with at most one ask under way for each stale symbol. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { isInTime, type Asker, type QuoteReply } from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { CacheCounters, QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { QuoteUnavailableError } from './legacy-quote.ts';

type QuoteBookOptions = {
  readonly clock: DatabaseClock;
  readonly cache: QuoteCache;
  /** Obtains a fresh quote from the store or by a hit; rejects if there is none in time. */
  readonly obtain: (symbol: StockSymbol, asker: Asker) => Promise<ReceivedQuote>;
  readonly log: Logger;
};

type BookCounters = {
  readonly asked: number;
  /** Level 2: this process's memory. */
  readonly memory: CacheCounters;
  /** Misses of the memory that joined an ask under way. */
  readonly coalesced: number;
  readonly unavailable: number;
};

export interface QuoteBook {
  /** Resolves to the reply to a request: a fresh quote, or unavailable. Never rejects. */
  answer(symbol: StockSymbol, asker: Asker): Promise<QuoteReply>;
  /** Whether the deadline of an asker has not passed, so that it can still use a reply. */
  isInTime(asker: Asker): boolean;
  counters(): BookCounters;
  /** Resolves when the asks under way have ended. */
  idle(): Promise<void>;
}

/** An ask under way, with the askers who wait for it in order of arrival. */
type Ask = { readonly askers: Asker[]; readonly reply: Promise<QuoteReply> };

const isTooLate = (error: unknown): boolean =>
  error instanceof QuoteUnavailableError && error.reason === 'too-late';

export const openQuoteBook = (options: QuoteBookOptions): QuoteBook => new SharedAsks(options);

/** Lets all who ask for a symbol at a time wait for one ask. */
class SharedAsks implements QuoteBook {
  readonly #options: QuoteBookOptions;
  readonly #asks = new Map<StockSymbol, Ask>();
  readonly #counts = { asked: 0, coalesced: 0, unavailable: 0 };

  constructor(options: QuoteBookOptions) {
    this.#options = options;
  }

  answer(symbol: StockSymbol, asker: Asker): Promise<QuoteReply> {
    const { cache, clock } = this.#options;
    this.#counts.asked += 1;
    const quote = cache.fresh(symbol, clock.now());
    if (quote !== undefined) return Promise.resolve({ type: 'quote', quote });
    const present = this.#asks.get(symbol);
    if (present !== undefined) {
      this.#counts.coalesced += 1;
      present.askers.push(asker);
      return present.reply;
    }
    const askers = [asker];
    const reply = this.#ask(symbol, askers);
    this.#asks.set(symbol, { askers, reply });
    return reply;
  }

  /**
   * Obtains a quote in the name of the first asker. If that one turns out to be too late, tries again in
   * the name of the first asker who is still in time.
   */
  async #ask(symbol: StockSymbol, askers: readonly Asker[]): Promise<QuoteReply> {
    const { obtain, cache, log } = this.#options;
    let asker = askers[0];
    while (asker !== undefined) {
      try {
        const quote = await obtain(symbol, asker);
        cache.learn(quote);
        this.#asks.delete(symbol);
        return { type: 'quote', quote };
      } catch (error) {
        log.warn('quote unavailable', { symbol, asker: asker.id, error });
        if (!isTooLate(error)) break;
      }
      asker = askers.find((each) => this.isInTime(each));
    }
    this.#counts.unavailable += 1;
    this.#asks.delete(symbol);
    return { type: 'unavailable', symbol };
  }

  isInTime(asker: Asker): boolean {
    return isInTime(asker, this.#options.clock.now());
  }

  counters(): BookCounters {
    return { ...this.#counts, memory: this.#options.cache.counters };
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#asks.values()].map(({ reply }) => reply));
  }
}
