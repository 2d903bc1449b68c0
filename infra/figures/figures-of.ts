/** Computes the figures of the operations page from two snapshots in a row. Pure. */
import {
  valuesOf,
  type LabelledValue,
  type SeriesByName,
  type Snapshot,
} from '../alerts/snapshot.ts';
import type { FigureGroup } from '../../shared/web-api/operations.ts';
import { groupBy } from './group-by.ts';
import { quantile } from './quantile.ts';

export type Figure = { readonly of: FigureGroup; readonly name: string; readonly value: number };

const COUNTERS = [
  'daytrade_commands_total',
  'daytrade_rejections_total',
  'daytrade_quote_hits_total',
  'daytrade_quote_lookups_total',
  'daytrade_answer_seconds_bucket',
  'daytrade_batch_seconds_bucket',
  'process_cpu_seconds_total',
  'daytrade_service_cpu_seconds_total',
] as const;
const GAUGES = [
  'daytrade_audit_lag_messages',
  'daytrade_process_up',
  'daytrade_process_restarts_total',
  'daytrade_service_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'rabbitmq_detailed_queue_messages',
] as const;

type Counter = (typeof COUNTERS)[number];

export const isFigureCounter = (name: string): boolean =>
  (COUNTERS as readonly string[]).includes(name);

/** The series that the page needs, besides those of the alert rules. */
export const FIGURE_SERIES: readonly string[] = [...COUNTERS, ...GAUGES];

/** `grown` is the growth of the counters since the snapshot before, `seconds` earlier. */
export function figuresOf(
  snapshot: Snapshot,
  grown: SeriesByName,
  seconds: number,
): readonly Figure[] {
  const of = (name: Counter): readonly LabelledValue[] => grown.get(name) ?? [];
  const commands = of('daytrade_commands_total').filter(
    ({ labels }) => labels['outcome'] !== 'done',
  );
  const lookUps = of('daytrade_quote_lookups_total');
  const first = lookUps.filter(({ labels }) => labels['level'] === '1');
  return [
    ...perSecond('commands', sumsBy('command', commands), seconds),
    ...perSecond('refusals', sumsBy('reason', of('daytrade_rejections_total')), seconds),
    ...perSecond('quotes', [['hits', sum(of('daytrade_quote_hits_total'))]], seconds),
    ...perSecond('quotes', [['look-ups', sum(first)]], seconds),
    ...ratios(lookUps),
    ...times('', of('daytrade_answer_seconds_bucket'), [0.5, 0.99]),
    ...times('transaction ', of('daytrade_batch_seconds_bucket'), [0.99]),
    ...waits(snapshot),
    ...perSecond('cpu', sumsBy('process', of('process_cpu_seconds_total')), seconds),
    ...perSecond('cpu', sumsBy('name', of('daytrade_service_cpu_seconds_total')), seconds),
    ...gauges('memory', valuesOf(snapshot, 'process_resident_memory_bytes')),
    ...gauges('memory', valuesOf(snapshot, 'daytrade_service_memory_bytes')),
    ...gauges('lag', valuesOf(snapshot, 'nodejs_eventloop_lag_p99_seconds')),
  ];
}

type Named = readonly [string, number];

const sum = (values: readonly LabelledValue[]): number =>
  values.reduce((total, { value }) => total + value, 0);

function sumsBy(label: string, values: readonly LabelledValue[]): readonly Named[] {
  const groups = groupBy(values, ({ labels }) => labels[label] ?? '');
  return [...groups].map(([name, group]) => [name, sum(group)]);
}

const perSecond = (of: FigureGroup, sums: readonly Named[], seconds: number): readonly Figure[] =>
  sums.map(([name, value]) => ({ of, name, value: value / seconds }));

const gauges = (of: FigureGroup, values: readonly LabelledValue[]): readonly Figure[] =>
  values.map(({ labels, value }) => ({
    of,
    name: labels['name'] ?? labels['process'] ?? '',
    value,
  }));

/** The ratio of each level that was asked. */
const ratios = (lookUps: readonly LabelledValue[]): readonly Figure[] =>
  ['1', '2', '3'].flatMap((level) => {
    const asked = lookUps.filter(({ labels }) => labels['level'] === level);
    const found = asked.filter(({ labels }) => labels['result'] === 'hit');
    return sum(asked) === 0
      ? []
      : [{ of: 'hit ratio' as const, name: level, value: sum(found) / sum(asked) }];
  });

function times(
  prefix: string,
  buckets: readonly LabelledValue[],
  parts: readonly number[],
): readonly Figure[] {
  const counts = sumsBy('le', buckets).map(([le, count]) => ({
    upTo: Number(le.replace('+Inf', 'Infinity')),
    count,
  }));
  return parts.flatMap((part) => {
    const value = quantile(part, counts);
    const name = `${prefix}p${(part * 100).toFixed(0)}`;
    return value === undefined ? [] : [{ of: 'answers' as const, name, value }];
  });
}

function waits(snapshot: Snapshot): readonly Figure[] {
  const shards = valuesOf(snapshot, 'rabbitmq_detailed_queue_messages').filter(({ labels }) =>
    labels['queue']?.startsWith('commands.shard.'),
  );
  // Every audit process reports the lag of the whole system.
  const lags = valuesOf(snapshot, 'daytrade_audit_lag_messages').map(({ value }) => value);
  return [
    ...(shards.length === 0
      ? []
      : [{ of: 'waiting' as const, name: 'shards', value: sum(shards) }]),
    ...(lags.length === 0
      ? []
      : [{ of: 'waiting' as const, name: 'audit', value: Math.max(...lags) }]),
  ];
}
