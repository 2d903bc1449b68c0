/** Publishes what the quote service sends: replies, audit messages and changed quotes. */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { REPLIES_EXCHANGE, QUOTES_CHANGED_EXCHANGE } from '../../shared/messages/address.ts';
import {
  renderQuoteChanged,
  renderQuoteReply,
  type Asker,
  type QuoteReply,
  type QuoteRequest,
} from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { QuoteBook } from './quote-book.ts';
import type { StoredHit } from './store-quote.ts';

type PublishDeps = { readonly publisher: Publisher; readonly log: Logger };

/** A request is done once it is answered. An asker who is too late is not sent *unavailable*. */
export const serveRequest =
  (book: QuoteBook, deps: PublishDeps) =>
  async ({ symbol, asker: asked }: QuoteRequest, delivery: Delivery): Promise<Fate> => {
    const asker = { ...asked, trace: delivery.trace };
    const reply = await book.answer(symbol, asker);
    // Replies go by symbol: another asker of the same process would take *unavailable* for its own reply.
    if (reply.type === 'quote' || book.isInTime(asker)) await respond(delivery, reply, deps);
    return DONE;
  };

/** Sends a reply. A lost one needs no retry, because the asker sends its request again. */
async function respond(
  { replyTo, correlationId }: Delivery,
  reply: QuoteReply,
  { publisher, log }: PublishDeps,
): Promise<void> {
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
