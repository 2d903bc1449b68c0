import { expect, test } from '@jest/globals';
import type { Trigger } from '../../../shared/web-api/portfolio.ts';
import {
  byDistance,
  describeDistance,
} from '../../../producers/web/client/src/pure/trigger-distance.ts';

const trigger = (symbol: string, price: number | null): Trigger => ({
  symbol,
  side: 'buy',
  state: price === null ? 'set' : 'armed',
  amount: 100_000,
  price,
  shares: null,
});

test('the distance of a trigger is told in dollars, in percent, and by its side', () => {
  expect(describeDistance(12_083, 12_719)).toBe('$6.36 (5.00%) below the latest price');
  expect(describeDistance(13_000, 12_719)).toBe('$2.81 (2.21%) above the latest price');
  expect(describeDistance(12_719, 12_719)).toBe('At the latest price');
});

test('the nearest trigger comes first, by percent, and one without a distance last', () => {
  const latest = new Map([
    ['ABC', 10_000],
    ['XYZ', 100],
  ]);
  const triggers = [
    trigger('QQQ', 5),
    trigger('FOO', null),
    trigger('XYZ', 90),
    trigger('ABC', 10_500),
  ];
  const sorted = byDistance(triggers, (symbol) => latest.get(symbol));
  expect(sorted.map(({ symbol }) => symbol)).toEqual(['ABC', 'XYZ', 'QQQ', 'FOO']);
});
