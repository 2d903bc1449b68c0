/** The quotes of the symbols this process owns (cache level 2), and one ask at a time for those that are stale. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import type { Asker, QuoteReply, ReceivedQuote } from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { CacheCounters, QuoteCache } from '../../shared/runtime/quote-cache.ts';

export type QuoteBookOptions = {
  readonly clock: DatabaseClock;
  readonly cache: QuoteCache;
  /** A fresh quote from the store, or from a hit. Rejects where none is to be had in time. */
  readonly obtain: (symbol: StockSymbol, asker: Asker) => Promise<ReceivedQuote>;
  readonly log: Logger;
};

export type BookCounters = {
  readonly asked: number;
  /** Level 2: this process's memory. A miss that joins an ask under way counts as `coalesced`. */
  readonly memory: CacheCounters;
  readonly coalesced: number;
  readonly unavailable: number;
};

export interface QuoteBook {
  /** Settles a request: with a fresh price, or as unavailable. Never rejects. */
  settle(symbol: StockSymbol, asker: Asker): Promise<QuoteReply>;
  counters(): BookCounters;
  /** Resolves when nothing is being asked for. */
  idle(): Promise<void>;
}

export function openQuoteBook({ clock, cache, obtain, log }: QuoteBookOptions): QuoteBook {
  const settling = new Map<StockSymbol, Promise<QuoteReply>>();
  let asked = 0;
  let coalesced = 0;
  let unavailable = 0;

  const settleAnew = async (symbol: StockSymbol, asker: Asker): Promise<QuoteReply> => {
    try {
      const quote = await obtain(symbol, asker);
      cache.learn(quote);
      return { type: 'quote', quote };
    } catch (error) {
      unavailable += 1;
      log.warn('quote unavailable', { symbol, asker: asker.id, error });
      return { type: 'unavailable', symbol };
    } finally {
      settling.delete(symbol);
    }
  };

  return {
    counters: () => ({ asked, memory: cache.counters, coalesced, unavailable }),
    settle: (symbol, asker) => {
      asked += 1;
      const quote = cache.fresh(symbol, clock.now());
      if (quote !== undefined) return Promise.resolve({ type: 'quote', quote });
      const present = settling.get(symbol);
      if (present !== undefined) {
        coalesced += 1;
        return present;
      }
      const reply = settleAnew(symbol, asker);
      settling.set(symbol, reply);
      return reply;
    },
    idle: async () => {
      await Promise.all(settling.values());
    },
  };
}
