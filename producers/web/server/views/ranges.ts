/** Computes the time ranges of charts. */
import type { Range } from '../../../../shared/web-api/quote.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const LENGTHS: Readonly<Record<Exclude<Range, 'all'>, number>> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': 60 * MINUTE,
  '1d': DAY,
  '1w': 7 * DAY,
  '1M': 30 * DAY,
};

/** Returns the start (inclusive) and the end (exclusive) of a range, which never starts before the first entry. */
export function timeOf(
  range: Range,
  { at: first, now }: { readonly at: number | undefined; readonly now: number },
): { readonly from: number; readonly to: number } {
  // The end is exclusive, and the range includes the present instant.
  const to = now + 1;
  const begin = Math.min(first ?? now, now);
  return { from: range === 'all' ? begin : Math.max(begin, now - LENGTHS[range]), to };
}
