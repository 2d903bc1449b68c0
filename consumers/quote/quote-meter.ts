/** Metrics of the quote caches of levels 2 and 3, and of the hits on the legacy quote server. */
import { readAtScrape, gaugeAtScrape, type Metrics } from '../../shared/runtime/metrics.ts';
import type { LegacyClient } from './legacy-client.ts';
import type { QuoteObtainer } from './obtain-quote.ts';
import type { QuoteBook } from './quote-book.ts';

export type Measured = {
  readonly book: QuoteBook;
  readonly obtainer: QuoteObtainer;
  readonly legacy: LegacyClient;
};

export function measureQuotes(metrics: Metrics, measured: Measured): void {
  measureLookups(metrics, measured);
  measureRequests(metrics, measured);
  measureHits(metrics, measured);
}

function measureLookups(metrics: Metrics, { book, obtainer }: Measured): void {
  readAtScrape(metrics, {
    name: 'daytrade_quote_lookups_total',
    help: 'Look-ups of a fresh quote: level 1 in a transaction process, 2 in a quote process, 3 in the database.',
    type: 'counter',
    labels: ['level', 'result'],
    read: () => {
      const { memory } = book.counters();
      const { store } = obtainer.counters;
      return [
        { level: '2', result: 'hit', value: memory.hits },
        { level: '2', result: 'miss', value: memory.misses },
        { level: '3', result: 'hit', value: store.hits },
        { level: '3', result: 'miss', value: store.misses },
      ];
    },
  });
}

function measureRequests(metrics: Metrics, { book }: Measured): void {
  readAtScrape(metrics, {
    name: 'daytrade_quote_requests_total',
    help: 'Requests for quotes by what became of them; `coalesced` joined one under way.',
    type: 'counter',
    labels: ['result'],
    read: () => {
      const { asked, coalesced, unavailable } = book.counters();
      return [
        { result: 'asked', value: asked },
        { result: 'coalesced', value: coalesced },
        { result: 'unavailable', value: unavailable },
      ];
    },
  });
}

function measureHits(metrics: Metrics, { legacy }: Measured): void {
  readAtScrape(metrics, {
    name: 'daytrade_quote_hits_total',
    help: 'Questions sent to the legacy quote server; each is paid for.',
    type: 'counter',
    labels: [],
    read: () => [{ value: legacy.counters.hits }],
  });
  readAtScrape(metrics, {
    name: 'daytrade_quote_tries_total',
    help: 'Tries at the legacy quote server by what came of them.',
    type: 'counter',
    labels: ['result'],
    read: () => {
      const { answered, failed } = legacy.counters;
      return [
        { result: 'answered', value: answered },
        { result: 'failed', value: failed },
      ];
    },
  });
  gaugeAtScrape(metrics, {
    name: 'daytrade_quote_breaker_open',
    help: '1 while the legacy quote server is taken to be down, 0 else.',
    read: () => Number(legacy.breaker !== 'closed'),
  });
}
