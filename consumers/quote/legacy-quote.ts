/** The questions to the legacy server, its answers and its failures. Source: SPEC §4. */
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import { TransientError } from '../../shared/runtime/errors.ts';

/** The answer of a hit, exactly as received; the audit log records it. */
export type LegacyQuote = {
  readonly symbol: StockSymbol;
  readonly price: Cents;
  readonly user: UserId;
  /** Unix milliseconds by the legacy server's own clock. */
  readonly serverTime: number;
  readonly cryptokey: string;
};

/** The question of one hit: a symbol, and the user in whose name it is asked. */
export type Question = { readonly symbol: StockSymbol; readonly user: UserId };

export type LegacyAskOptions = {
  /** A shorter bound than that of every ask. */
  readonly withinMs?: number;
  /**
   * Checked just before each hit. False if another process has stored the quote by then, or if no asker
   * can use it any more: no hit is made.
   */
  readonly isMissing?: () => Promise<boolean>;
};

export interface LegacyQuoteSource {
  /** Answers within a bounded time and number of hits; rejects with a `QuoteUnavailableError`. */
  ask(symbol: StockSymbol, user: UserId, options?: LegacyAskOptions): Promise<LegacyQuote>;
  close(): Promise<void>;
}

/** The fault of an answered line. */
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
 * Why no hit was made: another process may hold the claim, or has stored the quote. Loading the stored
 * quote again may find it.
 */
type NotMade = 'claim-lost' | 'stored-meanwhile';

/** Why one hit gave no quote. */
export type HitFailure =
  BadAnswer | NotMade | 'connection-failed' | 'no-answer-in-time' | 'closed-early';

/** Why an ask gave no quote: its last hit failed, it got no turn, its asker is too late, or it was closed. */
export type NoQuote = HitFailure | 'no-turn-in-time' | 'too-late' | 'closing';

export const isNotMade = (reason: NoQuote): reason is NotMade =>
  reason === 'claim-lost' || reason === 'stored-meanwhile';

/** Thrown if the bounds of one ask gave no quote. */
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
