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
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { openQuoteClaims } from '../../shared/pg/quote-claims.ts';
import { loadQuote } from '../../shared/pg/quotes.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';
import type { LogFields, Logger } from '../../shared/runtime/logger.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { openLegacyClient, type LegacyClient } from './legacy-client.ts';
import type { Question } from './legacy-quote.ts';
import { QuoteObtainer } from './obtain-quote.ts';
import { openQuoteBook, type QuoteBook } from './quote-book.ts';
import { storeHit, type AnsweredHit } from './store-quote.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';

/** Requests in hand at once, a shard; they wait for hits. */
const PREFETCH = 500;

async function start({
  name,
  config,
  amqpUrl,
  databaseUrl,
  log,
}: ProcessContext): Promise<Running> {
  const { quoteServer, quoteLifetimeMs } = config;
  if (quoteServer === undefined) throw new ConfigError('QUOTE_SERVER must be set');
  const pool = openPool({
    url: databaseUrl,
    name,
    size: CONNECTIONS.quote - 1,
    pipeline: true,
    log,
  });
  const clock = openDatabaseClock(SYSTEM_TIMERS);
  clock.observe((await takeNow(pool)).now);
  const publishing = await openLink({ url: amqpUrl, name: `${name} publishing`, log });
  const consuming = await openLink({ url: amqpUrl, name: `${name} consuming`, log });
  const publisher = await openPublisher(publishing);
  const claims = openQuoteClaims(
    openPool({ url: databaseUrl, name: `${name}-claims`, size: 1, pipeline: true, log }),
    clock,
  );
  const mayHit = ({ symbol }: Question): boolean => claims.holds(symbol);
  const legacy = openLegacyClient({ ...quoteServer, log, mayHit });
  const obtainer = new QuoteObtainer({
    timers: SYSTEM_TIMERS,
    clock,
    quoteLifetimeMs,
    claims,
    load: (symbol) => loadQuote(pool, symbol),
    ask: (symbol, { user }, withinMs) => legacy.ask(symbol, user, withinMs),
    store: (hit) => store(hit, { pool, server: name, quoteLifetimeMs, publisher, log }),
    onChanged: (quote) => void announce(quote, publisher, log),
  });
  const book = openQuoteBook({
    clock,
    cache: new QuoteCache({ quoteLifetimeMs }),
    obtain: (symbol, asker) => obtainer.obtain(symbol, asker),
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
    // What is asked for is paid for: it is stored before the ways to do so are closed.
    stop: async () => {
      await consuming.close();
      obtainer.close();
      await legacy.close();
      await book.idle();
      log.info('quotes served', countersOf(book, obtainer, legacy));
      await Promise.all([publishing.close(), claims.close(), pool.end()]);
    },
  };
}

/** What the caches of levels 2 and 3 and the legacy server were good for. */
const countersOf = (book: QuoteBook, obtainer: QuoteObtainer, legacy: LegacyClient): LogFields => ({
  ...book.counters(),
  ...obtainer.counters,
  legacy: { ...legacy.counters, breaker: legacy.breaker },
});

async function store(
  hit: AnsweredHit,
  parts: {
    readonly pool: Pool;
    readonly server: string;
    readonly quoteLifetimeMs: number;
    readonly publisher: Publisher;
    readonly log: Logger;
  },
): Promise<ReceivedQuote> {
  const { publisher, log } = parts;
  const { symbol } = hit.answer;
  const { quote, audit } = await storeHit(hit, {
    ...parts,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onHeld: (error) => log.warn('storing a paid quote held', { symbol, error }),
  });
  publisher
    .publish(auditPublication(audit))
    .catch((error: unknown) => log.warn('audit not published', { outbox: audit.id, error }));
  return quote;
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
