/** The small charts of the watchlist, and the symbols opened last. */
import { expect, test } from '@jest/globals';
import { withRecent } from '../../../producers/web/client/src/pure/recent-symbols.ts';
import { sparkPath } from '../../../producers/web/client/src/pure/spark-line.ts';

const SIZE = { width: 100, height: 20 };

test('a small chart goes in steps from the first price to the last', () => {
  const points = [
    { at: 1_000, price: 50 },
    { at: 2_000, price: 70 },
    { at: 3_000, price: 60 },
  ];
  expect(sparkPath(points, SIZE)).toBe('M0 20.0H50.0V0.0H100.0V10.0');
});

test('a flat price is in the middle, and one price is no chart', () => {
  const flat = [
    { at: 1_000, price: 50 },
    { at: 2_000, price: 50 },
  ];
  expect(sparkPath(flat, SIZE)).toBe('M0 10.0H100.0V10.0');
  expect(sparkPath(flat.slice(1), SIZE)).toBeUndefined();
});

test('the symbol opened last is first, and each is there once', () => {
  expect(withRecent(['ABC', 'XYZ'], 'XYZ')).toEqual(['XYZ', 'ABC']);
  const eight = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
  expect(withRecent(eight, 'Z')).toEqual(['Z', ...eight.slice(0, 7)]);
});
