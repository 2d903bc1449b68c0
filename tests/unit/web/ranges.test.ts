/** The time that a chart shows. */
import { expect, test } from '@jest/globals';
import { timeOf } from '../../../producers/web/server/views/ranges.ts';

const HOUR_MS = 3_600_000;
const now = 1_000 * HOUR_MS;

test('a range starts with the first entry if that is later, so that a new account has its whole curve', () => {
  const at = now - 60_000;
  for (const range of ['1h', '1d', '1w', '1M', 'all'] as const) {
    expect(timeOf(range, { at, now })).toEqual({ from: at, to: now + 1 });
  }
  expect(timeOf('1h', { at: 5, now }).from).toBe(now - HOUR_MS);
  expect(timeOf('all', { at: 5, now }).from).toBe(5);
  expect(timeOf('1d', { at: undefined, now }).from).toBe(now);
});
