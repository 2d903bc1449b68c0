import { describe, expect, test } from '@jest/globals';
import { Check } from 'typebox/value';
import { readAlertRules } from '../../../infra/alerts/read-rules.ts';
import { groupBy } from '../../../infra/figures/group-by.ts';
import { parseSeries } from '../../../infra/figures/parse-series.ts';
import { KEPT_MS, Recorder, FIGURES_EVERY_MS } from '../../../infra/figures/recorder.ts';
import { OPERATIONS_VIEW, type OperationsShard } from '../../../shared/web-api/operations.ts';

const START = 1_700_000_000_000;

type Given = { readonly lines: readonly string[]; readonly shards?: readonly OperationsShard[] };

/** A recorder that gets a sample every five seconds. */
function openRecorder() {
  const recorder = new Recorder(readAlertRules());
  let samples = 0;
  const observe = ({ lines, shards }: Given): void => {
    const at = samples * FIGURES_EVERY_MS;
    const text = ['up{job="daytrade"} 1', ...lines].join('\n');
    const series = groupBy(
      parseSeries(text, () => true),
      ({ name }) => name,
    );
    recorder.observe({ snapshot: { at, series }, now: START + at, shards, faults: [] });
    samples += 1;
  };
  const events = (): readonly string[] =>
    recorder.view(0).events.map(({ kind, text }) => `${kind}: ${text}`);
  return { recorder, observe, events };
}

const up = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `daytrade_process_up{name="${name}"} 1`);

const life = (name: string, restarts: number, startedAt?: number): readonly string[] => [
  `daytrade_process_restarts_total{name="${name}"} ${restarts}`,
  ...(startedAt === undefined
    ? []
    : [`process_start_time_seconds{process="${name}"} ${startedAt}`]),
];

const shard = (number: number, holder: string | null): OperationsShard => ({
  ...{ shard: number, waiting: 0, holder, home: 'transaction-1' },
});

describe('the record', () => {
  test('begins with the second snapshot, and fits its contract', () => {
    const { recorder, observe } = openRecorder();
    expect(Check(OPERATIONS_VIEW, recorder.view(0))).toBe(true);
    observe({ lines: [] });
    expect(recorder.view(0).at).toEqual([]);
    observe({ lines: up('audit-1'), shards: [shard(0, null)] });
    const view = recorder.view(0);
    expect(view).toMatchObject({
      at: [START + FIGURES_EVERY_MS],
      processes: [{ name: 'audit-1', up: true, restarts: 0 }],
      shards: [{ shard: 0, holder: null }],
    });
    expect(Check(OPERATIONS_VIEW, view)).toBe(true);
  });

  test('is one hour long, however long the system runs', () => {
    const { recorder, observe } = openRecorder();
    const most = KEPT_MS / FIGURES_EVERY_MS;
    for (let sample = 0; sample < most + 50; sample += 1) observe({ lines: [] });
    const { at } = recorder.view(0);
    expect(at).toHaveLength(most);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeLessThan(KEPT_MS);
  });

  test('tells the samples after an instant, and null where a figure was not known', () => {
    const { recorder, observe } = openRecorder();
    const memory = 'process_resident_memory_bytes{process="audit-1"} 81234567';
    observe({ lines: [] });
    observe({ lines: [memory] });
    observe({ lines: [] });
    observe({ lines: [memory] });
    const { at, tracks } = recorder.view(START + FIGURES_EVERY_MS);
    expect(at).toHaveLength(2);
    expect(tracks.find(({ of }) => of === 'memory')?.values).toEqual([null, 81_230_000]);
  });
});

describe('an event', () => {
  test('is a process that ended, once, however long its restart takes', () => {
    const { observe, events } = openRecorder();
    observe({ lines: life('audit-1', 0, 100) });
    observe({ lines: life('audit-1', 1) });
    observe({ lines: life('audit-1', 1) });
    observe({ lines: life('audit-1', 1, 107) });
    observe({ lines: life('audit-1', 2, 109) });
    expect(events()).toEqual([
      'restart: audit-1 ended and was started again',
      'restart: audit-1 ended and was started again',
    ]);
  });

  test('is a process that was restarted by order', () => {
    const { observe, events } = openRecorder();
    observe({ lines: life('audit-1', 0, 100) });
    observe({ lines: life('audit-1', 0) });
    observe({ lines: life('audit-1', 0, 107) });
    observe({ lines: life('audit-1', 0, 107) });
    expect(events()).toEqual(['restart: audit-1 was restarted']);
  });

  test('is a pool that has another size', () => {
    const { observe, events } = openRecorder();
    observe({ lines: up('quote-1', 'audit-1') });
    observe({ lines: up('quote-1', 'quote-2', 'audit-1') });
    observe({ lines: [] });
    observe({ lines: up('quote-1', 'audit-1') });
    expect(events()).toEqual([
      'scale: quote: from 1 to 2 processes',
      'scale: quote: from 2 to 1 processes',
    ]);
  });

  test('is a shard that another process takes, also after nobody did', () => {
    const { observe, events } = openRecorder();
    const shards = (...holders: readonly (string | null)[]) => ({
      lines: [],
      shards: holders.map((holder, number) => shard(number, holder)),
    });
    observe(shards('transaction-1', 'transaction-1', 'transaction-2'));
    observe(shards(null, null, 'transaction-2'));
    observe({ lines: [] });
    observe(shards('transaction-2', 'transaction-2', 'transaction-2'));
    expect(events()).toEqual(['failover: Shards 0, 1 moved from transaction-1 to transaction-2']);
  });

  test('is an alarm, and its end', () => {
    const { recorder, observe, events } = openRecorder();
    const parked = 'rabbitmq_detailed_queue_messages{queue="audit.parked"} 2';
    observe({ lines: [] });
    observe({ lines: [parked] });
    expect(recorder.view(0).alerts).toMatchObject([
      { name: 'MessagesParked', firing: true, since: START + FIGURES_EVERY_MS },
    ]);
    observe({ lines: [parked] });
    observe({ lines: [] });
    const text = 'Messages that could not be read are in audit.parked: 2';
    expect(events()).toEqual([`alarm: ${text}`, `well: Over: ${text}`]);
    expect(recorder.view(0).alerts).toEqual([]);
  });
});
