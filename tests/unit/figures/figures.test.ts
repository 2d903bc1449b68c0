import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../../infra/alerts/snapshot.ts';
import { figuresOf, isFigureCounter } from '../../../infra/figures/figures-of.ts';
import { groupBy } from '../../../infra/figures/group-by.ts';
import { GrowthBook } from '../../../infra/figures/growth-book.ts';
import { parseSeries } from '../../../infra/figures/parse-series.ts';
import { quantile } from '../../../infra/figures/quantile.ts';

const snapshot = (...lines: readonly string[]): Snapshot => ({
  at: 0,
  series: groupBy(
    parseSeries(lines.join('\n'), () => true),
    ({ name }) => name,
  ),
});

/** Returns the figures of the last of some snapshots, five seconds apart, by group and name. */
function figures(...texts: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  const book = new GrowthBook(isFigureCounter);
  const found = texts.map((lines) => {
    const each = snapshot(...lines);
    return figuresOf(each, book.observe(each), 5);
  });
  return Object.fromEntries(
    (found.at(-1) ?? []).map(({ of, name, value }) => [`${of} ${name}`, value]),
  );
}

const adds = (process: string, count: number, outcome = 'accepted'): string =>
  `daytrade_commands_total{command="ADD",outcome="${outcome}",process="${process}"} ${count}`;

describe('the text of metrics', () => {
  test('is parsed, with escaped labels, and what is no number is left out', () => {
    const text =
      '# TYPE a counter\na{x="1,\\"2\\"\\n\\\\",y=""} 1.5e3\nb +Inf\nc NaN\nd{x="1"} 2 170\n';
    expect(parseSeries(text, (name) => name !== 'd')).toEqual([
      { name: 'a', labels: { x: '1,"2"\n\\', y: '' }, value: 1_500 },
      { name: 'b', labels: {}, value: Infinity },
    ]);
  });
});

describe('a rate', () => {
  test('is the growth of all processes per second; what was done before does not count again', () => {
    const before = [adds('t-1', 100), adds('t-2', 40), adds('t-1', 7, 'done')];
    const after = [adds('t-1', 110), adds('t-2', 45), adds('t-1', 90, 'done')];
    expect(figures(before, after)).toMatchObject({ 'commands ADD': 3 });
  });

  test('is 0 at first, because the counters may be old', () => {
    expect(figures([adds('t-1', 1_000)])).toMatchObject({ 'commands ADD': 0 });
  });

  test('counts from 0 for a process that was restarted, and for a counter that is new', () => {
    expect(figures([adds('t-1', 100)], [adds('t-1', 20)])).toMatchObject({ 'commands ADD': 4 });
    expect(figures([], [adds('t-1', 20)])).toMatchObject({ 'commands ADD': 4 });
  });

  test('of a process that missed a scrape continues where it was', () => {
    expect(figures([adds('t-1', 100)], [], [adds('t-1', 105)])).toMatchObject({
      'commands ADD': 1,
    });
  });
});

describe('a quantile', () => {
  const buckets = [
    { upTo: Infinity, count: 100 },
    { upTo: 0.1, count: 50 },
    { upTo: 0.2, count: 90 },
    { upTo: 0.5, count: 99 },
  ];

  test('is interpolated within its bucket', () => {
    expect(quantile(0.5, buckets)).toBeCloseTo(0.1);
    expect(quantile(0.7, buckets)).toBeCloseTo(0.15);
    expect(quantile(0.25, buckets)).toBeCloseTo(0.05);
    expect(quantile(0.99, buckets)).toBeCloseTo(0.5);
  });

  test('beyond the last bound is that bound, and there is none without observations', () => {
    expect(quantile(0.999, buckets)).toBe(0.5);
    expect(quantile(0.5, [{ upTo: Infinity, count: 0 }])).toBeUndefined();
    expect(quantile(0.5, [])).toBeUndefined();
  });
});

describe('the figures', () => {
  test('tell hits beside look-ups, and the ratio of each level that was asked', () => {
    const look = (level: number, result: string, count: number): string =>
      `daytrade_quote_lookups_total{level="${level}",result="${result}"} ${count}`;
    const now = [look(1, 'hit', 15), look(1, 'miss', 5), look(2, 'hit', 1), look(2, 'miss', 4)];
    const found = figures([], [...now, look(3, 'hit', 0), 'daytrade_quote_hits_total 5']);
    expect(found).toMatchObject({
      'quotes look-ups': 4,
      'quotes hits': 1,
      'hit ratio 1': 0.75,
      'hit ratio 2': 0.2,
    });
    expect(found).not.toHaveProperty('hit ratio 3');
  });

  test('tell the times of answers only while there are answers', () => {
    const answers = ['0.01', '0.1', '+Inf'].map(
      (le) => `daytrade_answer_seconds_bucket{le="${le}",process="web-1"} 10`,
    );
    expect(figures([], answers)).toMatchObject({ 'answers p50': 0.005, 'answers p99': 0.0099 });
    expect(figures([], answers, answers)).not.toHaveProperty('answers p50');
  });

  test('tell what waits: the sum of the shards, and the audit lag that each process reports', () => {
    const found = figures([
      'rabbitmq_detailed_queue_messages{queue="commands.shard.00"} 2',
      'rabbitmq_detailed_queue_messages{queue="commands.shard.01"} 3',
      'rabbitmq_detailed_queue_messages{queue="audit.events"} 9',
      'daytrade_audit_lag_messages{process="audit-1"} 7',
      'daytrade_audit_lag_messages{process="audit-2"} 8',
    ]);
    expect(found).toMatchObject({ 'waiting shards': 5, 'waiting audit': 8 });
  });

  test('tell CPU and memory of private services', () => {
    const service = (seconds: number): readonly string[] => [
      `daytrade_service_cpu_seconds_total{name="postgresql",process="supervisor"} ${seconds}`,
      'daytrade_service_memory_bytes{name="postgresql",process="supervisor"} 3e8',
    ];
    expect(figures(service(10), service(11))).toMatchObject({
      'cpu postgresql': 0.2,
      'memory postgresql': 300_000_000,
    });
  });

  test('tell CPU, memory and lag of each process', () => {
    const process = (seconds: number): readonly string[] => [
      `process_cpu_seconds_total{process="audit-1"} ${seconds}`,
      'process_resident_memory_bytes{process="audit-1"} 8e7',
      'nodejs_eventloop_lag_p99_seconds{process="audit-1"} 0.012',
    ];
    expect(figures(process(10), process(12.5))).toMatchObject({
      'cpu audit-1': 0.5,
      'memory audit-1': 80_000_000,
      'lag audit-1': 0.012,
    });
  });
});
