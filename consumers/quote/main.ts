/** The quote service: answers requests for quotes, with as few hits on the legacy server as can be. */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import { openConsumer, type Delivery } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { readOrPark } from '../../shared/amqp/park.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import {
  DEFAULT_EXCHANGE,
  QUOTE_SHARDS,
  QUOTES_CHANGED_EXCHANGE,
} from '../../shared/messages/address.ts';
import {
  parseQuoteRequest,
  renderQuoteChanged,
  renderQuoteReply,
  type QuoteReply,
  type ReceivedQuote,
} from '../../shared/messages/quote-message.ts';
import { quoteQueueSpec } from '../../shared/messages/topology.ts';
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { loadQuote } from '../../shared/pg/quotes.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openLegacyClient } from './legacy-client.ts';
import { openQuoteBook } from './quote-book.ts';
import { storeQuote } from './store-quote.ts';

/** Requests in hand at once, a shard; they wait for hits. */
const PREFETCH = 500;
const CONNECTIONS = 4;

async function start({
  name,
  config,
  amqpUrl,
  databaseUrl,
  log,
}: ProcessContext): Promise<Running> {
  const { quoteServer, quoteLifetimeMs } = config;
  if (quoteServer === undefined) throw new ConfigError('QUOTE_SERVER must be set');
  const pool = openPool({ url: databaseUrl, name, size: CONNECTIONS, pipeline: true, log });
  const clock = openDatabaseClock();
  clock.observe((await takeNow(pool)).now);
  const publishing = await openLink({ url: amqpUrl, name: `${name} publishing`, log });
  const consuming = await openLink({ url: amqpUrl, name: `${name} consuming`, log });
  const publisher = await openPublisher(publishing);
  const legacy = openLegacyClient({ ...quoteServer, log });
  const book = openQuoteBook({
    clock,
    quoteLifetimeMs,
    load: (symbol) => loadQuote(pool, symbol),
    hit: (symbol, { user }) => legacy.ask(symbol, user),
    store: async (answer, asker) => {
      const { quote, audit } = await storeQuote(pool, name, { answer, asker });
      clock.observe(quote.receivedAt);
      publisher
        .publish(auditPublication(audit))
        .catch((error: unknown) => log.warn('audit not published', { outbox: audit.id, error }));
      return quote;
    },
    onChanged: (quote) => void announce(quote, publisher, log),
    log,
  });

  const take = (delivery: Delivery): void => {
    const parking = { from: 'quotes' as const, publisher, log };
    const request = readOrPark(delivery, parseQuoteRequest, parking);
    if (request === undefined) return;
    void book.settle(request.symbol, request.asker).then(async (reply) => {
      await respond(delivery, reply, { publisher, log });
      delivery.ack();
    });
  };
  await Promise.all(
    [...Array(QUOTE_SHARDS).keys()].map((shard) => {
      const spec = quoteQueueSpec(shard);
      return openConsumer(consuming, {
        queue: spec.name,
        name,
        prefetch: PREFETCH,
        log,
        declare: (channel) => declareQueue(channel, spec),
        onDelivery: take,
      });
    }),
  );
  return {
    stop: async () => {
      log.info('quotes served', book.counters);
      await consuming.close();
      await legacy.close();
      await publishing.close();
      await pool.end();
    },
  };
}

/** A reply that is lost is asked for again. */
async function respond(
  delivery: Delivery,
  reply: QuoteReply,
  { publisher, log }: { readonly publisher: Publisher; readonly log: Logger },
): Promise<void> {
  const { replyTo, correlationId } = delivery;
  if (replyTo === undefined) return;
  const publication = {
    exchange: DEFAULT_EXCHANGE,
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

/** News for triggers and for the caches; what is lost, the sweep of the trigger consumer catches. */
async function announce(quote: ReceivedQuote, publisher: Publisher, log: Logger): Promise<void> {
  try {
    await publisher.publish({
      exchange: QUOTES_CHANGED_EXCHANGE,
      key: quote.symbol,
      body: renderQuoteChanged(quote),
      type: 'quote-changed',
    });
  } catch (error) {
    log.warn('quote change not published', { symbol: quote.symbol, error });
  }
}

await runProcess('quote', start);
