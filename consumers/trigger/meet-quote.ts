/** Sends firings for the armed triggers that a changed quote meets. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import { readOrPark } from '../../shared/amqp/park.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged, type ReceivedQuote } from '../../shared/messages/quote-message.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

export type MeetOptions = {
  readonly publisher: Publisher;
  /** Loads the firings of the triggers that a quote meets. */
  readonly metBy: (quote: ReceivedQuote) => Promise<readonly UserFiring[]>;
  /** Publishes firings; resolves once the broker has confirmed them. */
  readonly fire: (firings: readonly UserFiring[], trace: Delivery['trace']) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Logger;
};

const RETRY = { firstMs: 100, longestMs: 2_000 };

/** Retries until the broker has confirmed every firing, and only then acks the quote. */
export async function meetQuote(delivery: Delivery, options: MeetOptions): Promise<void> {
  const { publisher, metBy, fire, pause, log } = options;
  const quote = readOrPark(delivery, parseQuoteChanged, { from: 'triggers', publisher, log });
  if (quote === undefined) return;
  for (let attempt = 0; delivery.isOpen(); attempt += 1) {
    try {
      await fire(await metBy(quote), delivery.trace);
      delivery.ack();
      return;
    } catch (error) {
      log.warn('firing held', { symbol: quote.symbol, error });
      await pause(backoffMs(attempt, RETRY));
    }
  }
}
