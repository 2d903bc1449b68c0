/** A quote process: answers requests for quotes, with as few hits on the legacy server as possible. */
import { QUOTE_SHARDS } from '../../shared/messages/address.ts';
import { parseQuoteRequest } from '../../shared/messages/quote-message.ts';
import { quoteQueueSpec } from '../../shared/messages/topology.ts';
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { openQuoteClaims } from '../../shared/pg/quote-claims.ts';
import { openQuoteStore } from '../../shared/pg/quote-store.ts';
import { loadQuote } from '../../shared/pg/quotes.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import type { LogFields } from '../../shared/runtime/logger.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { sleep, SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { serve } from '../../shared/service/serve.ts';
import { openLegacyClient, type LegacyClient } from './legacy-client.ts';
import type { Question } from './legacy-quote.ts';
import { QuoteObtainer } from './obtain-quote.ts';
import { openQuoteBook, type QuoteBook } from './quote-book.ts';
import { measureQuotes } from './quote-meter.ts';
import { publishHit, publishQuoteChanged, serveRequest } from './publish-quote.ts';
import { storeHit, type StoreOptions } from './store-quote.ts';

/** The most unacked requests of a quote shard; they may all wait for hits. */
const PREFETCH = 500;
/** Bounds on an ask before the watchdog takes it to hang; an ask itself ends within 15 s. */
const HIT_BOUNDS = { floorMs: 20_000, ceilingMs: 30_000 };

const SPEC = { connections: CONNECTIONS.quote - 1, pipeline: true };

await serve('quote', SPEC, async (service) => {
  const { name, config, pool, publisher, watchdog, log } = service;
  const { quoteServer, quoteLifetimeMs } = config;
  if (quoteServer === undefined) throw new ConfigError('QUOTE_SERVER must be set');
  const clock = openDatabaseClock(SYSTEM_TIMERS);
  clock.observe((await takeNow(pool)).now);
  const claims = openQuoteClaims(
    openPool({ url: service.databaseUrl, name: `${name}-claims`, size: 1, pipeline: true, log }),
    clock,
  );
  const mayHit = ({ symbol }: Question): boolean => claims.holds(symbol);
  const legacy = openLegacyClient({ ...quoteServer, log, mayHit });
  const watched = watchdog.operation('quote hit', HIT_BOUNDS);
  const publishDeps = { publisher, log };
  const storing: StoreOptions = {
    quotes: openQuoteStore(pool),
    timers: SYSTEM_TIMERS,
    server: name,
    quoteLifetimeMs,
    pause: sleep,
    onHeld: (error) => log.warn('storing a paid quote held', { error }),
  };
  const obtainer = new QuoteObtainer({
    timers: SYSTEM_TIMERS,
    clock,
    quoteLifetimeMs,
    claims,
    load: (symbol) => loadQuote(pool, symbol),
    ask: (symbol, { user }, options) => watched(() => legacy.ask(symbol, user, options)),
    store: async (hit) => {
      const stored = await storeHit(hit, storing);
      publishHit(stored, hit.asker, publishDeps);
      return stored.quote;
    },
    onChanged: (quote, asker) => void publishQuoteChanged(quote, asker, publishDeps),
  });
  const book = openQuoteBook({
    clock,
    cache: new QuoteCache({ quoteLifetimeMs }),
    obtain: (symbol, asker) => obtainer.obtain(symbol, asker),
    log,
  });

  measureQuotes(service.metrics, { book, obtainer, legacy });
  await Promise.all(
    [...Array(QUOTE_SHARDS).keys()].map((shard) =>
      service.consume({
        queue: quoteQueueSpec(shard),
        parse: parseQuoteRequest,
        handle: serveRequest(book, publishDeps),
        parkedAs: 'quotes',
        prefetch: PREFETCH,
      }),
    ),
  );
  return {
    // Hits under way are paid for, so their answers are stored before the pool is closed.
    drain: async () => {
      await service.stopConsuming();
      obtainer.close();
      await legacy.close();
      await book.idle();
      log.info('quotes served', countersOf(book, obtainer, legacy));
      await claims.close();
    },
  };
});

/** The counters of the caches of levels 2 and 3 and of the legacy client, for the log. */
const countersOf = (book: QuoteBook, obtainer: QuoteObtainer, legacy: LegacyClient): LogFields => ({
  ...book.counters(),
  ...obtainer.counters,
  legacy: { ...legacy.counters, breaker: legacy.breaker },
});
