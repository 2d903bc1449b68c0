/** Metrics of the quote cache of a transaction process, the first of three levels. */
import { readAtScrape, type Metrics } from '../../shared/runtime/metrics.ts';
import type { QuoteDesk } from './quote-desk.ts';

export function measureDesk(metrics: Metrics, desk: QuoteDesk): void {
  readAtScrape(metrics, {
    name: 'daytrade_quote_lookups_total',
    help: 'Look-ups of a fresh quote: level 1 in a transaction process, 2 in a quote process, 3 in the database.',
    type: 'counter',
    labels: ['level', 'result'],
    read: () => {
      const { hits, misses } = desk.counters();
      return [
        { level: '1', result: 'hit', value: hits },
        { level: '1', result: 'miss', value: misses },
      ];
    },
  });
  readAtScrape(metrics, {
    name: 'daytrade_quote_waits_total',
    help: 'What commands that waited for a quote were told.',
    type: 'counter',
    labels: ['result'],
    read: () => [{ result: 'unavailable', value: desk.counters().unavailable }],
  });
}
