/** The quotes of the symbols this process owns (cache level 2), and the hits for those that are stale. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import type { QuoteReply, ReceivedQuote, Asker } from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { LegacyQuote } from './legacy-client.ts';

export type QuoteBookOptions = {
  readonly clock: DatabaseClock;
  readonly quoteLifetimeMs: number;
  /** The quote as it is stored (cache level 3): a process that starts anew goes on without a hit. */
  readonly load: (symbol: StockSymbol) => Promise<ReceivedQuote | undefined>;
  /** One hit on the legacy server; rejects where none of the bounded tries was answered well. */
  readonly hit: (symbol: StockSymbol, asker: Asker) => Promise<LegacyQuote>;
  /** Stores an answered hit and its audit event before anyone is told. */
  readonly store: (answer: LegacyQuote, asker: Asker) => Promise<ReceivedQuote>;
  /** A price that differs from the one before. */
  readonly onChanged: (quote: ReceivedQuote) => void;
  readonly log: Logger;
};

export type BookCounters = {
  asked: number;
  fromMemory: number;
  fromStore: number;
  coalesced: number;
  hits: number;
  unavailable: number;
};

export interface QuoteBook {
  /** Settles a request: with a fresh price, or as unavailable, always within a bounded time. */
  settle(symbol: StockSymbol, asker: Asker): Promise<QuoteReply>;
  readonly counters: Readonly<BookCounters>;
}

const SYMBOLS_MAX = 20_000;

export function openQuoteBook(options: QuoteBookOptions): QuoteBook {
  const { clock, quoteLifetimeMs } = options;
  const known = new Map<StockSymbol, ReceivedQuote>();
  const settling = new Map<StockSymbol, Promise<QuoteReply>>();
  const counters = {
    asked: 0,
    fromMemory: 0,
    fromStore: 0,
    coalesced: 0,
    hits: 0,
    unavailable: 0,
  };

  const ifFresh = (quote: ReceivedQuote | undefined): ReceivedQuote | undefined =>
    quote !== undefined && clock.now() < quote.receivedAt + quoteLifetimeMs ? quote : undefined;

  const remember = (quote: ReceivedQuote): void => {
    known.delete(quote.symbol);
    known.set(quote.symbol, quote);
    const [oldest] = known.keys();
    if (known.size > SYMBOLS_MAX && oldest !== undefined) known.delete(oldest);
  };

  const obtain = async (symbol: StockSymbol, asker: Asker): Promise<QuoteReply> => {
    const stored = known.get(symbol) ?? (await options.load(symbol));
    const fresh = ifFresh(stored);
    if (fresh !== undefined) {
      counters.fromStore += 1;
      remember(fresh);
      return { type: 'quote', quote: fresh };
    }
    counters.hits += 1;
    const quote = await options.store(await options.hit(symbol, asker), asker);
    remember(quote);
    if (quote.price !== stored?.price) options.onChanged(quote);
    return { type: 'quote', quote };
  };

  return {
    counters,
    settle: (symbol, asker) => {
      counters.asked += 1;
      const quote = ifFresh(known.get(symbol));
      if (quote !== undefined) {
        counters.fromMemory += 1;
        return Promise.resolve({ type: 'quote', quote });
      }
      const present = settling.get(symbol);
      if (present !== undefined) {
        counters.coalesced += 1;
        return present;
      }
      const reply = obtain(symbol, asker)
        .catch((error: unknown): QuoteReply => {
          counters.unavailable += 1;
          options.log.warn('quote unavailable', { symbol, error });
          return { type: 'unavailable', symbol };
        })
        .finally(() => settling.delete(symbol));
      settling.set(symbol, reply);
      return reply;
    },
  };
}
