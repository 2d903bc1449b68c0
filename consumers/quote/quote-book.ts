/** The quote cache of a quote process (level 2), with at most one ask under way for each stale symbol. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import {
  isInTime,
  type Asker,
  type QuoteReply,
  type ReceivedQuote,
} from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { CacheCounters, QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { QuoteUnavailableError } from './legacy-quote.ts';

export type QuoteBookOptions = {
  readonly clock: DatabaseClock;
  readonly cache: QuoteCache;
  /** Obtains a fresh quote from the store or by a hit; rejects if there is none in time. */
  readonly obtain: (symbol: StockSymbol, asker: Asker) => Promise<ReceivedQuote>;
  readonly log: Logger;
};

export type BookCounters = {
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

export function openQuoteBook({ clock, cache, obtain, log }: QuoteBookOptions): QuoteBook {
  const asks = new Map<StockSymbol, Ask>();
  let asked = 0;
  let coalesced = 0;
  let unavailable = 0;

  const firstInTime = (askers: readonly Asker[]): Asker | undefined =>
    askers.find((asker) => isInTime(asker, clock.now()));

  /**
   * Obtains a quote in the name of the first asker. If that one turns out to be too late, tries again in
   * the name of the first asker who is still in time.
   */
  const askAnew = async (symbol: StockSymbol, askers: readonly Asker[]): Promise<QuoteReply> => {
    for (let asker = askers[0]; asker !== undefined; asker = firstInTime(askers)) {
      try {
        const quote = await obtain(symbol, asker);
        cache.learn(quote);
        asks.delete(symbol);
        return { type: 'quote', quote };
      } catch (error) {
        log.warn('quote unavailable', { symbol, asker: asker.id, error });
        if (!isTooLate(error)) break;
      }
    }
    unavailable += 1;
    asks.delete(symbol);
    return { type: 'unavailable', symbol };
  };

  return {
    isInTime: (asker) => isInTime(asker, clock.now()),
    counters: () => ({ asked, memory: cache.counters, coalesced, unavailable }),
    answer: (symbol, asker) => {
      asked += 1;
      const quote = cache.fresh(symbol, clock.now());
      if (quote !== undefined) return Promise.resolve({ type: 'quote', quote });
      const present = asks.get(symbol);
      if (present !== undefined) {
        coalesced += 1;
        present.askers.push(asker);
        return present.reply;
      }
      const askers = [asker];
      const reply = askAnew(symbol, askers);
      asks.set(symbol, { askers, reply });
      return reply;
    },
    idle: async () => {
      await Promise.all([...asks.values()].map(({ reply }) => reply));
    },
  };
}
