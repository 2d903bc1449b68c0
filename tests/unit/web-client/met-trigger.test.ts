import { describe, expect, test } from '@jest/globals';
import { isMetBy, warnOfMet } from '../../../producers/web/client/src/pure/met-trigger.ts';

const buy = { side: 'buy', symbol: 'JKL', amount: 100_000, price: 15_000 } as const;
const sell = { side: 'sell', symbol: 'JKL', amount: 120_000, price: 12_000 } as const;

describe('a trigger whose price is met', () => {
  test.each([
    [buy, 15_001, false],
    [buy, 15_000, true],
    [buy, 14_999, true],
    [sell, 11_999, false],
    [sell, 12_000, true],
    [sell, 12_001, true],
  ])('%j at %d cents: %s', (plan, current, isMet) => {
    expect(isMetBy(plan, current)).toBe(isMet);
  });

  test('sells the shares that its own price gives, at the current price', () => {
    expect(warnOfMet(sell, 12_719)).toBe(
      'JKL is already above $120.00: this sells 10 shares now, at about $127.19 each.',
    );
  });

  test('buys as many shares as the current price allows', () => {
    expect(warnOfMet(buy, 10_000)).toBe(
      'JKL is already below $150.00: this buys 10 shares now, at about $100.00 each.',
    );
  });

  test('may be met exactly', () => {
    expect(warnOfMet(sell, 12_000)).toMatch(/^JKL is already at \$120\.00: this sells/);
  });
});
