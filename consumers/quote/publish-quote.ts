/** What the quote service says to others: replies, audit messages, news of changed prices. */
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

export type Speaker = { readonly publisher: Publisher; readonly log: Logger };

/** Settles a request, replies unless nobody waits any more, and acks only then. */
export async function serveRequest(
  delivery: Delivery,
  book: QuoteBook,
  { publisher, log }: Speaker,
): Promise<void> {
  const parking = { from: 'quotes' as const, publisher, log };
  const request = readOrPark(delivery, parseQuoteRequest, parking);
  if (request === undefined) return;
  const asker = { ...request.asker, trace: delivery.trace };
  const reply = await book.settle(request.symbol, asker);
  // Another asker of the same process may wait on, and would take this reply for its own.
  if (reply.type === 'quote' || book.isInTime(asker)) {
    await respond(delivery, reply, { publisher, log });
  }
  delivery.ack();
}

/** A reply that is lost is asked for again. */
async function respond(
  delivery: Delivery,
  reply: QuoteReply,
  { publisher, log }: Speaker,
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

/** A hit's audit message; the audit consumer finds one that is lost in the outbox. */
export function publishHit(
  { audit }: StoredHit,
  { trace }: Asker,
  { publisher, log }: Speaker,
): void {
  publisher
    .publish(auditPublication(audit, trace))
    .catch((error: unknown) => log.warn('audit not published', { outbox: audit.id, error }));
}

/** News for triggers and for the caches; what is lost, the sweep of the trigger consumer catches. */
export async function announce(
  quote: ReceivedQuote,
  { trace }: Asker,
  { publisher, log }: Speaker,
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
