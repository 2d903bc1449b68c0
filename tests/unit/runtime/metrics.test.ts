import { describe, expect, test } from '@jest/globals';
import {
  gaugeAtScrape,
  openMetrics,
  poolOf,
  readAtScrape,
} from '../../../shared/runtime/metrics.ts';

describe('the metrics of a process', () => {
  test('every series names the process and its pool', async () => {
    const metrics = openMetrics('transaction-2');
    gaugeAtScrape(metrics, { name: 'a', help: 'h', read: () => 3 });
    expect(await metrics.getSingleMetricAsString('a')).toContain(
      'a{process="transaction-2",pool="transaction"} 3',
    );
  });

  test('a process without a number is its own pool', () => {
    expect(poolOf('supervisor')).toBe('supervisor');
    expect(poolOf('web-12')).toBe('web');
  });

  test('numbers that are kept elsewhere are read at each scrape', async () => {
    const metrics = openMetrics('quote-1');
    let value = 1;
    const read = (): readonly { level: string; value: number }[] => [{ level: '2', value }];
    readAtScrape(metrics, { name: 'n_total', help: 'h', type: 'counter', labels: ['level'], read });
    expect(await metrics.getSingleMetricAsString('n_total')).toContain('level="2"');
    value = 5;
    const text = await metrics.getSingleMetricAsString('n_total');
    expect(text).toMatch(/^# TYPE n_total counter$/m);
    expect(text).toMatch(/^n_total\{level="2",.*\} 5$/m);
  });

  test('a number that cannot be read is left out, instead of repeating the last one', async () => {
    const metrics = openMetrics('audit-1');
    let isAway = false;
    const read = (): Promise<number> =>
      isAway ? Promise.reject(new Error('the database is away')) : Promise.resolve(7);
    gaugeAtScrape(metrics, { name: 'lag', help: 'h', read });
    expect(await metrics.getSingleMetricAsString('lag')).toMatch(/ 7$/m);
    isAway = true;
    expect(await metrics.getSingleMetricAsString('lag')).not.toMatch(/^lag/m);
  });
});
