import { describe, expect, test } from '@jest/globals';
import { excessOf } from '../../../producers/web/client/src/pure/excess.ts';

const means = { cash: 10_000, shares: 4 };
const dollars = (cents: number) => ({ unit: 'dollars', cents }) as const;
const shares = (count: number) => ({ unit: 'shares', shares: count }) as const;
const buy = { side: 'buy', symbol: 'ABC', quantity: dollars(10_000), price: 2_500 } as const;
const sell = { ...buy, side: 'sell' } as const;

describe('an amount that is typed', () => {
  test('may be all the cash, and no cent more', () => {
    expect(excessOf(buy, means)).toBeUndefined();
    expect(excessOf({ ...buy, quantity: dollars(10_001) }, means)).toBe(
      'That is $0.01 more than the $100.00 available.',
    );
  });

  test('may be that of all shares, and of part of one more', () => {
    expect(excessOf(sell, means)).toBeUndefined();
    expect(excessOf({ ...sell, quantity: dollars(12_499) }, means)).toBeUndefined();
    expect(excessOf({ ...sell, quantity: dollars(12_500) }, means)).toBe(
      'That is 5 shares of ABC; 4 are available.',
    );
  });

  test('sells nothing where there is nothing, whatever the price', () => {
    expect(excessOf({ ...sell, price: undefined }, { cash: 0, shares: 0 })).toBe(
      'You have no ABC shares available to sell.',
    );
  });

  test('is not judged by a price that is not known', () => {
    expect(
      excessOf({ ...sell, quantity: dollars(99_999), price: undefined }, means),
    ).toBeUndefined();
  });

  test('may be a count of shares', () => {
    expect(excessOf({ ...sell, quantity: shares(4) }, means)).toBeUndefined();
    expect(excessOf({ ...sell, quantity: shares(5), price: undefined }, means)).toBe(
      'Only 4 shares of ABC are available.',
    );
    expect(excessOf({ ...buy, quantity: shares(5) }, means)).toBe(
      'That is $25.00 more than the $100.00 available.',
    );
    expect(excessOf({ ...buy, quantity: shares(5), price: undefined }, means)).toBeUndefined();
  });
});
