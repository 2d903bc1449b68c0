/** A changed quote: the armed triggers that it meets are sent to be fired. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import { readOrPark } from '../../shared/amqp/park.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged, type ReceivedQuote } from '../../shared/messages/quote-message.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

export type MeetOptions = {
  readonly publisher: Publisher;
  readonly metBy: (quote: ReceivedQuote) => Promise<readonly UserFiring[]>;
  readonly fire: (firings: readonly UserFiring[], trace: Delivery['trace']) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Logger;
};

const RETRY = { firstMs: 100, longestMs: 2_000 };

/** Tries until every firing is with the broker; only then is the quote let go. */
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
