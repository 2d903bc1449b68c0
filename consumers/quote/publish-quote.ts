/** Publishes what the quote service sends: replies, audit messages and changed quotes. */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import type { Delivery } from '../../shared/amqp/consumer.ts';
import { readOrPark } from '../../shared/amqp/park.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { REPLIES_EXCHANGE, QUOTES_CHANGED_EXCHANGE } from '../../shared/messages/address.ts';
import {
  parseQuoteRequest,
  renderQuoteChanged,
  renderQuoteReply,
  type Asker,
  type QuoteReply,
  type ReceivedQuote,
} from '../../shared/messages/quote-message.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { QuoteBook } from './quote-book.ts';
import type { StoredHit } from './store-quote.ts';

export type PublishDeps = { readonly publisher: Publisher; readonly log: Logger };

/** Answers a request and acks it after the reply. Sends no *unavailable* to an asker who is too late. */
export async function serveRequest(
  delivery: Delivery,
  book: QuoteBook,
  { publisher, log }: PublishDeps,
): Promise<void> {
  const parking = { from: 'quotes' as const, publisher, log };
  const request = readOrPark(delivery, parseQuoteRequest, parking);
  if (request === undefined) return;
  const asker = { ...request.asker, trace: delivery.trace };
  const reply = await book.answer(request.symbol, asker);
  // Replies go by symbol: another asker of the same process would take *unavailable* for its own reply.
  if (reply.type === 'quote' || book.isInTime(asker)) {
    await respond(delivery, reply, { publisher, log });
  }
  delivery.ack();
}

/** Sends a reply. A lost one needs no retry, because the asker sends its request again. */
async function respond(
  delivery: Delivery,
  reply: QuoteReply,
  { publisher, log }: PublishDeps,
): Promise<void> {
  const { replyTo, correlationId } = delivery;
  if (replyTo === undefined) return;
  const publication = {
    exchange: REPLIES_EXCHANGE,
    key: replyTo,
    body: renderQuoteReply(reply),
    type: 'quote-reply',
    transient: true,
    mandatory: false,
    ...(correlationId !== undefined && { correlationId }),
  };
  await publisher
    .publish(publication)
    .catch((error: unknown) => log.warn('quote reply not sent', { replyTo, error }));
}

/** Publishes a hit's audit message. If it is lost, the audit consumer finds it in the outbox. */
export function publishHit(
  { audit }: StoredHit,
  { trace }: Asker,
  { publisher, log }: PublishDeps,
): void {
  publisher
    .publish(auditPublication(audit, trace))
    .catch((error: unknown) => log.warn('audit not published', { outbox: audit.id, error }));
}

/**
 * Publishes a changed quote to the trigger consumer and to all caches. If it is lost, the sweep of the
 * trigger consumer finds the triggers that it meets.
 */
export async function publishQuoteChanged(
  quote: ReceivedQuote,
  { trace }: Asker,
  { publisher, log }: PublishDeps,
): Promise<void> {
  try {
    await publisher.publish({
      exchange: QUOTES_CHANGED_EXCHANGE,
      key: quote.symbol,
      body: renderQuoteChanged(quote),
      type: 'quote-changed',
      trace,
    });
  } catch (error) {
    log.warn('quote change not published', { symbol: quote.symbol, error });
  }
}
