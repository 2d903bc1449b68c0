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

export interface LegacyQuoteSource {
  /**
   * Answers within a bounded time, or the less that is given, and number of hits; rejects with a
   * `QuoteUnavailableError`.
   */
  ask(symbol: StockSymbol, user: UserId, withinMs?: number): Promise<LegacyQuote>;
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

/** Why one hit gave no quote; `claim-lost`: another process may be asking by now, so none was made. */
export type HitFailure =
  BadAnswer | 'connection-failed' | 'no-answer-in-time' | 'closed-early' | 'claim-lost';

/** Why an ask gave none: its last hit failed, or it never had its turn. */
export type NoQuote = HitFailure | 'no-turn-in-time' | 'closing';

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
