/** Resamples prices for a chart: points at equal distances in time, each with the last price before it. */
import type { Range } from '../../../../../shared/web-api/quote.ts';

/** `at` in Unix milliseconds. */
export type Point = { readonly at: number; readonly value: number };

export type Span = { readonly from: number; readonly to: number };

type RangeChoice = { readonly value: Range; readonly text: string; readonly words: string };

export const RANGE_CHOICES: readonly RangeChoice[] = [
  { value: '1m', text: '1m', words: 'last minute' },
  { value: '5m', text: '5m', words: 'last 5 minutes' },
  { value: '15m', text: '15m', words: 'last 15 minutes' },
  { value: '1h', text: '1H', words: 'last hour' },
  { value: '1d', text: '1D', words: 'last day' },
  { value: '1w', text: '1W', words: 'last week' },
  { value: '1M', text: '1M', words: 'last 30 days' },
  { value: 'all', text: 'All', words: 'since the first quote' },
];

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const SPANS_MS: Readonly<Record<Exclude<Range, 'all'>, number>> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': 30 * DAY_MS,
};

/** Returns the time span of a range. It never starts before the first point, so no part of it is empty. */
export function spanOf(range: Range, points: readonly Point[], now: number): Span {
  const first = Math.min(points[0]?.at ?? now, now - MINUTE_MS);
  const from = range === 'all' ? first : Math.max(first, now - SPANS_MS[range]);
  return { from, to: now };
}

/** How much of a range may pass after an instant, so that it is not at the very edge. */
const WITHIN_FRACTION = 0.9;

/** Returns the shortest range, from an hour on, that contains an instant. */
export function rangeWith(at: number, now: number): Range {
  const ranges = ['1h', '1d', '1w', '1M'] as const;
  return ranges.find((range) => now - at <= SPANS_MS[range] * WITHIN_FRACTION) ?? 'all';
}

/** The most points of a chart. */
const POINTS_MAX = 240;

/**
 * Resamples points in order of time. The last point before the span gives its first price, or else the first point
 * within the first step, so that no value at the very beginning is lost.
 */
export function resample(points: readonly Point[], { from, to }: Span): readonly Point[] {
  // The step is whole seconds, which is the resolution of the chart's axis.
  const stepMs = Math.max(1_000, Math.ceil((to - from) / POINTS_MAX / 1_000) * 1_000);
  const begin = Math.floor(from / stepMs) * stepMs;
  const drawn: Point[] = [];
  const [first] = points;
  let next = 0;
  let value = first !== undefined && first.at < begin + stepMs ? first.value : undefined;
  for (let at = begin; at < to + stepMs; at += stepMs) {
    for (let point = points[next]; point !== undefined && point.at <= at; point = points[++next]) {
      value = point.value;
    }
    if (value !== undefined) drawn.push({ at, value });
  }
  return drawn;
}

/** Appends a point if it is later than the last one. */
export function withPoint(points: readonly Point[], point: Point): readonly Point[] {
  const last = points.at(-1);
  return last !== undefined && last.at >= point.at ? points : [...points, point];
}
