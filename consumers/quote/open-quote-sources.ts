/** Opens what obtains quotes in a quote process: the claims of symbols, the legacy client and the caches. */
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { openQuoteClaims } from '../../shared/pg/quote-claims.ts';
import { openQuoteStore } from '../../shared/pg/quote-store.ts';
import { loadQuote } from '../../shared/pg/quotes.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { sleep, SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Service } from '../../shared/service/service.ts';
import { openLegacyClient, type LegacyClient } from './legacy-client.ts';
import type { Question } from './legacy-quote.ts';
import { QuoteObtainer, type ObtainOptions } from './obtain-quote.ts';
import { publishHit, publishQuoteChanged } from './publish-quote.ts';
import { openQuoteBook, type QuoteBook } from './quote-book.ts';
import { storeHit, type StoreOptions } from './store-quote.ts';

/** Bounds on an ask before the watchdog takes it to hang; an ask itself ends within 15 s. */
const HIT_BOUNDS = { floorMs: 20_000, ceilingMs: 30_000 };

export type QuoteSources = {
  readonly book: QuoteBook;
  readonly obtainer: QuoteObtainer;
  readonly legacy: LegacyClient;
  /** Waits for the hits under way, which are paid for: their quotes are stored. Then closes everything. */
  readonly close: () => Promise<void>;
};

/** Opens them. Rejects with a `ConfigError` if no quote server is set. */
export async function openQuoteSources(service: Service): Promise<QuoteSources> {
  const { name, config, pool, log } = service;
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
  const obtainer = new QuoteObtainer({
    timers: SYSTEM_TIMERS,
    ...{ clock, quoteLifetimeMs, claims },
    ...hitting(service, legacy),
  });
  const book = openQuoteBook({
    ...{ clock, log },
    cache: new QuoteCache({ quoteLifetimeMs }),
    obtain: (symbol, asker) => obtainer.obtain(symbol, asker),
  });
  return {
    ...{ book, obtainer, legacy },
    close: async () => {
      obtainer.close();
      await legacy.close();
      await book.idle();
      log.info('quotes served', {
        ...book.counters(),
        ...obtainer.counters,
        legacy: { ...legacy.counters, breaker: legacy.breaker },
      });
      await claims.close();
    },
  };
}

/** How an obtainer looks for a stored quote, makes a hit, stores it, and tells everyone. */
function hitting(
  service: Service,
  legacy: LegacyClient,
): Pick<ObtainOptions, 'load' | 'ask' | 'store' | 'onChanged'> {
  const { name, config, pool, watchdog, log } = service;
  const watched = watchdog.operation('quote hit', HIT_BOUNDS);
  const storing: StoreOptions = {
    quotes: openQuoteStore(pool),
    timers: SYSTEM_TIMERS,
    server: name,
    quoteLifetimeMs: config.quoteLifetimeMs,
    pause: sleep,
    onHeld: (error) => log.warn('storing a paid quote held', { error }),
  };
  return {
    load: (symbol) => loadQuote(pool, symbol),
    ask: (symbol, { user }, options) => watched(() => legacy.ask(symbol, user, options)),
    store: async (hit) => {
      const stored = await storeHit(hit, storing);
      publishHit(stored, hit.asker, service);
      return stored.quote;
    },
    onChanged: (quote, asker) => void publishQuoteChanged(quote, asker, service),
  };
}
