/**
 * A process's cache of the latest quotes, which counts its look-ups. It has one entry a symbol, and symbols have
 * one to three capital letters, so it never holds more than 18,278 quotes.
 */
import type { StockSymbol } from '../domain/identity.ts';
import type { Instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../domain/quote.ts';

export type CacheCounters = {
  /** Look-ups that found a fresh quote. */
  readonly hits: number;
  /** Look-ups that found no quote, or one that was too old. */
  readonly misses: number;
  readonly size: number;
};

type QuoteCacheOptions = {
  readonly quoteLifetimeMs: number;
};

export class QuoteCache {
  readonly #lifetimeMs: number;
  readonly #known = new Map<StockSymbol, ReceivedQuote>();
  #hits = 0;
  #misses = 0;

  constructor({ quoteLifetimeMs }: QuoteCacheOptions) {
    this.#lifetimeMs = quoteLifetimeMs;
  }

  get counters(): CacheCounters {
    return { hits: this.#hits, misses: this.#misses, size: this.#known.size };
  }

  /** Returns the symbol's latest quote, fresh or not, without counting the look-up. */
  latest(symbol: StockSymbol): ReceivedQuote | undefined {
    return this.#known.get(symbol);
  }

  isFresh(quote: ReceivedQuote | undefined, now: Instant): quote is ReceivedQuote {
    return quote !== undefined && now < quote.receivedAt + this.#lifetimeMs;
  }

  /** Returns the symbol's quote if it is fresh at `now`, and counts the look-up. */
  fresh(symbol: StockSymbol, now: Instant): ReceivedQuote | undefined {
    const quote = this.#known.get(symbol);
    if (this.isFresh(quote, now)) {
      this.#hits += 1;
      return quote;
    }
    this.#misses += 1;
    return undefined;
  }

  /** Stores a quote unless a later one is known, because messages may overtake each other. */
  learn(quote: ReceivedQuote): void {
    const present = this.#known.get(quote.symbol);
    if (present !== undefined && present.receivedAt > quote.receivedAt) return;
    this.#known.set(quote.symbol, quote);
  }
}
