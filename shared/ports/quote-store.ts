/** What the quote service needs of the store to record a hit that it paid for. */
import type { Instant } from '../domain/time.ts';
import type { ReceivedQuote } from '../messages/quote-message.ts';

export type HitRecord = {
  readonly quote: ReceivedQuote;
  /** The hit began no earlier. */
  readonly askedAt: Instant;
  readonly freshUntil: number;
  readonly audit: { readonly id: string; readonly body: string };
};

export interface QuoteStore {
  /** The store's time, and the id of an audit message. */
  takeNow(): Promise<{ readonly now: number; readonly outboxId: string }>;
  /**
   * Commits the quote, its place in the history and its audit message, all or nothing. With
   * `isAgain`, an earlier try may have taken effect unheard; then nothing is written twice.
   */
  commitHit(record: HitRecord, isAgain: boolean): Promise<void>;
}
