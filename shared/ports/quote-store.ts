/** The port through which the quote consumer records a hit on the quote server that was paid for. */
import type { Instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../domain/quote.ts';

export type HitRecord = {
  readonly quote: ReceivedQuote;
  /** A lower bound of the time at which the hit began. */
  readonly askedAt: Instant;
  readonly freshUntil: number;
  readonly audit: { readonly id: string; readonly body: string };
};

export interface QuoteStore {
  /** Returns the database's time, and a new id for an audit message. */
  takeNow(): Promise<{ readonly now: number; readonly outboxId: string }>;
  /**
   * Commits the quote, its row in the history and its audit message, all or nothing. With `isAgain`, an
   * earlier attempt may have been committed without an answer; if so, nothing is written twice.
   */
  commitHit(record: HitRecord, isAgain: boolean): Promise<void>;
}
