/** The points of the chart of a user's total value. */
import type { ValueHistory } from '../../../../../shared/web-api/quote.ts';
import { resample, spanOf, withPoint, type Point } from './resample.ts';

/**
 * Resamples the history from the first deposit, which is no gain, up to the present value. The history may end after
 * `now`, which is an estimate of the server's time.
 */
export function valuePoints(
  { range, points }: ValueHistory,
  { at: now, value }: Point,
): readonly Point[] {
  const opened = points.findIndex(({ deposited }) => deposited > 0);
  if (opened === -1) return [];
  const received = points.slice(opened).map((point) => ({ at: point.at, value: point.value }));
  const at = Math.max(now, (received.at(-1)?.at ?? 0) + 1);
  return resample(withPoint(received, { at, value }), spanOf(range, received, at));
}

/**
 * Returns the instant of which the chart shows the value at a time: a point of the history counts until the next, and
 * none is before the account was opened.
 */
export function instantShown({ points }: ValueHistory, at: number): number {
  const next = points.findIndex((point) => point.at > at);
  return next === -1 ? at : (points[Math.max(0, next - 1)]?.at ?? at);
}
