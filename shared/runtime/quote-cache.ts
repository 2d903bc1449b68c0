/** A process's bounded cache of the latest quotes, which counts its look-ups. */
import type { StockSymbol } from '../domain/identity.ts';
import type { Instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../domain/quote.ts';

/** More than the 18,278 symbols of one to three letters, so in practice nothing is evicted. */
const SYMBOLS_MAX = 20_000;

export type CacheCounters = {
  /** Look-ups that found a fresh quote. */
  readonly hits: number;
  /** Look-ups that found no quote, or one that was too old. */
  readonly misses: number;
  /** Quotes that were removed to make room for others. */
  readonly evicted: number;
  readonly size: number;
};

export type QuoteCacheOptions = {
  readonly quoteLifetimeMs: number;
  readonly symbolsMax?: number;
};

export class QuoteCache {
  readonly #lifetimeMs: number;
  readonly #symbolsMax: number;
  /** In the order in which they were learned, the oldest first. */
  readonly #known = new Map<StockSymbol, ReceivedQuote>();
  #hits = 0;
  #misses = 0;
  #evicted = 0;

  constructor({ quoteLifetimeMs, symbolsMax = SYMBOLS_MAX }: QuoteCacheOptions) {
    this.#lifetimeMs = quoteLifetimeMs;
    this.#symbolsMax = symbolsMax;
  }

  get counters(): CacheCounters {
    const size = this.#known.size;
    return { hits: this.#hits, misses: this.#misses, evicted: this.#evicted, size };
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
    this.#known.delete(quote.symbol);
    this.#known.set(quote.symbol, quote);
    if (this.#known.size <= this.#symbolsMax) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#evicted += 1;
  }
}
