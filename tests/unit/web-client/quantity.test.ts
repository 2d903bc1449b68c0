import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimate } from '../../../producers/web/client/src/pure/estimate.ts';
import { separatorsOf } from '../../../producers/web/client/src/pure/money.ts';
import {
  centsOf,
  inOtherUnit,
  portionsOfCash,
  portionsOfShares,
  readQuantity,
  tooMuch,
} from '../../../producers/web/client/src/pure/quantity.ts';

const shares = (count: number) => ({ unit: 'shares', shares: count }) as const;
const dollars = (cents: number) => ({ unit: 'dollars', cents }) as const;

describe('a count of shares', () => {
  test('is carried by the dollars that give exactly this count', () => {
    const counts = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(counts, counts, (count, price) => {
        expect(estimate(centsOf(shares(count), price) ?? 0, price)).toEqual({
          shares: count,
          cost: count * price,
          rest: 0,
        });
      }),
    );
    expect(centsOf(shares(3), undefined)).toBeUndefined();
    expect(centsOf(dollars(804), undefined)).toBe(804);
  });

  test('is whole, and may be grouped as the language does', () => {
    expect(readQuantity('12', 'shares')).toEqual({ is: 'quantity', quantity: shares(12) });
    expect(readQuantity(' 1,234 ', 'shares')).toMatchObject({ quantity: shares(1_234) });
    expect(readQuantity('1.234', 'shares', separatorsOf(['de']))).toMatchObject({
      quantity: shares(1_234),
    });
    expect(readQuantity('  ', 'shares')).toEqual({ is: 'empty' });
    for (const text of ['0', '1.5', '-2', 'all', '1e3', '9'.repeat(16)]) {
      expect(readQuantity(text, 'shares')).toEqual({
        is: 'fault',
        fault: 'Enter whole shares, such as 12.',
      });
    }
  });

  test('may be worth more than a command can carry', () => {
    expect(tooMuch(centsOf(shares(100_000_000), 1_001) ?? 0)).toMatch(/^At most \$1,000,000,000/);
    expect(tooMuch(100_000_000_000)).toBeUndefined();
  });
});

test('an amount that was typed stays about the same in the other unit', () => {
  expect(inOtherUnit(dollars(30_000), 12_719)).toBe('2');
  expect(inOtherUnit(dollars(100), 12_719)).toBe('');
  expect(inOtherUnit(shares(2), 12_719)).toBe('254.38');
  expect(inOtherUnit(shares(2), undefined)).toBe('');
});

describe('portions', () => {
  test('of the cash are exact, and never more than a command can carry', () => {
    expect(portionsOfCash(12_345).map(({ value }) => value)).toEqual([1_234, 3_086, 6_172, 12_345]);
    const most = portionsOfCash(900_000_000_000_000);
    expect(most.map(({ value }) => value)).toEqual(most.map(() => 100_000_000_000));
  });

  test('of shares are whole, and at least one of any', () => {
    expect(portionsOfShares(10).map(({ value }) => value)).toEqual([1, 3, 5, 10]);
    expect(portionsOfShares(1).map(({ value }) => value)).toEqual([1, 1, 1, 1]);
    expect(portionsOfShares(28).map(({ value }) => value)).toEqual([3, 7, 14, 28]);
    expect(portionsOfShares(0).map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  });
});
