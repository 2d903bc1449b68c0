/** The quotes of the symbols this process owns (cache level 2), and one ask at a time for those that are stale. */
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
  /** Whether the command of an asker can still use a reply. */
  isInTime(asker: Asker): boolean;
  counters(): BookCounters;
  /** Resolves when nothing is being asked for. */
  idle(): Promise<void>;
}

/** An ask under way, with all who wait for it in the order in which they came. */
type Settling = { readonly askers: Asker[]; readonly reply: Promise<QuoteReply> };

const isTooLate = (error: unknown): boolean =>
  error instanceof QuoteUnavailableError && error.reason === 'too-late';

export function openQuoteBook({ clock, cache, obtain, log }: QuoteBookOptions): QuoteBook {
  const settling = new Map<StockSymbol, Settling>();
  let asked = 0;
  let coalesced = 0;
  let unavailable = 0;

  const firstInTime = (askers: readonly Asker[]): Asker | undefined =>
    askers.find((asker) => isInTime(asker, clock.now()));

  /** Obtains it in the name of the first asker, then of the next one who can still use it. */
  const settleAnew = async (symbol: StockSymbol, askers: readonly Asker[]): Promise<QuoteReply> => {
    for (let asker = askers[0]; asker !== undefined; asker = firstInTime(askers)) {
      try {
        const quote = await obtain(symbol, asker);
        cache.learn(quote);
        settling.delete(symbol);
        return { type: 'quote', quote };
      } catch (error) {
        log.warn('quote unavailable', { symbol, asker: asker.id, error });
        if (!isTooLate(error)) break;
      }
    }
    unavailable += 1;
    settling.delete(symbol);
    return { type: 'unavailable', symbol };
  };

  return {
    isInTime: (asker) => isInTime(asker, clock.now()),
    counters: () => ({ asked, memory: cache.counters, coalesced, unavailable }),
    settle: (symbol, asker) => {
      asked += 1;
      const quote = cache.fresh(symbol, clock.now());
      if (quote !== undefined) return Promise.resolve({ type: 'quote', quote });
      const present = settling.get(symbol);
      if (present !== undefined) {
        coalesced += 1;
        present.askers.push(asker);
        return present.reply;
      }
      const askers = [asker];
      const reply = settleAnew(symbol, askers);
      settling.set(symbol, { askers, reply });
      return reply;
    },
    idle: async () => {
      await Promise.all([...settling.values()].map(({ reply }) => reply));
    },
  };
}
