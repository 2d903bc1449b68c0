/** What the quote process asks of the legacy server, and what it gets. Source: SPEC §4. */
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import { TransientError } from '../../shared/runtime/errors.ts';

/** An answered hit, exactly as it was answered: this is what the audit log records. */
export type LegacyQuote = {
  readonly symbol: StockSymbol;
  readonly price: Cents;
  readonly user: UserId;
  /** Unix milliseconds by the legacy server's own clock. */
  readonly serverTime: number;
  readonly cryptokey: string;
};

/** One hit: who wants to know which price. */
export type Question = { readonly symbol: StockSymbol; readonly user: UserId };

export type AskOptions = {
  /** Less than what any ask may take. */
  readonly withinMs?: number;
  /**
   * Looked at just before each hit: false where somebody else has paid for it by then, or nobody can
   * use it any more.
   */
  readonly isMissing?: () => Promise<boolean>;
};

export interface LegacyQuoteSource {
  /** Answers within a bounded time and number of hits; rejects with a `QuoteUnavailableError`. */
  ask(symbol: StockSymbol, user: UserId, options?: AskOptions): Promise<LegacyQuote>;
  close(): Promise<void>;
}

/** What is wrong with a line that was answered. */
export type BadAnswer =
  | 'not-a-quote'
  | 'answer-too-long'
  | 'wrong-symbol'
  | 'wrong-user'
  | 'price-unreadable'
  | 'price-not-positive'
  | 'price-too-high'
  | 'time-unreadable'
  | 'key-unreadable';

/**
 * Why no hit was made: another process may be asking by now, or has stored its answer since. To look
 * again gives the quote.
 */
export type NotMade = 'claim-lost' | 'stored-meanwhile';

/** Why one hit gave no quote. */
export type HitFailure =
  BadAnswer | NotMade | 'connection-failed' | 'no-answer-in-time' | 'closed-early';

/** Why an ask gave none: its last hit failed, it never had its turn, or its asker can only be too late. */
export type NoQuote = HitFailure | 'no-turn-in-time' | 'too-late' | 'closing';

export const isNotMade = (reason: NoQuote): reason is NotMade =>
  reason === 'claim-lost' || reason === 'stored-meanwhile';

/** No quote was to be had within the bounds of one ask. */
export class QuoteUnavailableError extends TransientError {
  readonly symbol: StockSymbol;
  readonly reason: NoQuote;
  readonly hits: number;

  constructor(symbol: StockSymbol, reason: NoQuote, hits: number) {
    super('quote-server-failed', `no quote for ${symbol} after ${hits} hits: ${reason}`);
    this.symbol = symbol;
    this.reason = reason;
    this.hits = hits;
  }
}
