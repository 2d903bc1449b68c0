/** Which charts the operations page has, and how each shows its figures. */
import type { FigureGroup } from '../../../../../shared/web-api/operations.ts';
import { formatCount, formatMoney } from './money.ts';

export type ChartSpec = {
  readonly of: FigureGroup;
  readonly title: string;
  /** Explains the chart to somebody who sees it for the first time. */
  readonly note: string;
  readonly kind: 'stack' | 'lines';
  /** Turns a figure into the unit of the chart. */
  readonly scale: number;
  readonly format: (value: number) => string;
  /** The scale of the chart reaches at least to here. */
  readonly least: number;
  /** The figures in their order, with their labels; others follow under their own names. */
  readonly labels: Readonly<Record<string, string>>;
};

export const CHARTS: readonly ChartSpec[] = [
  {
    of: 'commands',
    title: 'Commands a second',
    note: 'Decided commands by kind',
    kind: 'stack',
    scale: 1,
    format: rate,
    least: 1,
    labels: {},
  },
  {
    of: 'answers',
    title: 'Time to an answer',
    note: 'How long web requests waited',
    kind: 'lines',
    scale: 1_000,
    format: milliseconds,
    least: 10,
    labels: {
      p50: 'median',
      p99: 'slowest 1%',
      'transaction p99': 'transactions, slowest 1%',
    },
  },
  {
    of: 'refusals',
    title: 'Refusals a minute',
    note: 'Rejected commands by reason',
    kind: 'stack',
    scale: 60,
    format: rate,
    least: 1,
    labels: {},
  },
  {
    of: 'quotes',
    title: 'Quotes a minute',
    note: 'Each hit is paid; without a cache, each look-up would be one',
    kind: 'lines',
    scale: 60,
    format: rate,
    least: 1,
    labels: { hits: 'hits', 'look-ups': 'look-ups' },
  },
  {
    of: 'hit ratio',
    title: 'Quotes found in a cache',
    note: 'Look-ups with a fresh quote, by level',
    kind: 'lines',
    scale: 100,
    format: (value) => `${value.toFixed(0)}%`,
    least: 100,
    labels: { 1: '1: transaction', 2: '2: quote', 3: '3: database' },
  },
  {
    of: 'waiting',
    title: 'Waiting messages',
    note: 'To be decided, and to be stored',
    kind: 'lines',
    scale: 1,
    format: formatCount,
    least: 10,
    labels: { shards: 'in shards', audit: 'audit lag' },
  },
  {
    of: 'cpu',
    title: 'CPU by process',
    note: '100% is one core',
    kind: 'lines',
    scale: 100,
    format: (value) => `${value.toFixed(0)}%`,
    least: 10,
    labels: {},
  },
  {
    of: 'memory',
    title: 'Memory by process',
    note: 'Resident memory',
    kind: 'lines',
    scale: 1 / 2 ** 20,
    format: (value) => `${formatCount(value)} MiB`,
    least: 10,
    labels: {},
  },
  {
    of: 'lag',
    title: 'Event-loop lag by process',
    note: 'Slowest 1% of turns; about 11 ms if idle',
    kind: 'lines',
    scale: 1_000,
    format: milliseconds,
    least: 20,
    labels: {},
  },
];

function rate(value: number): string {
  return value === 0 || value >= 10 ? formatCount(value) : value.toFixed(1);
}

function milliseconds(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value >= 10 ? formatCount(value) : value.toFixed(1)} ms`;
}

/** Says what quotes cost in some time, and what they would have cost: `$0.35 instead of $12.50`. */
export const describeCost = (hits: number, lookUps: number, centsPerHit: number): string =>
  `${formatMoney(Math.round(hits * centsPerHit))} paid; without a cache ${formatMoney(
    Math.round(Math.max(lookUps, hits) * centsPerHit),
  )}`;
