import { describe, expect, test } from '@jest/globals';
import { cents, parseDollars, renderDollars } from '../../../shared/domain/money.ts';

describe('dollars', () => {
  test.each([
    ['63511.53', 6351153n],
    ['100', 10000n],
    ['0.07', 7n],
    ['007', 700n],
    ['1.5', 150n],
  ])('%s is read as whole cents', (text, expected) => {
    expect(parseDollars(text)).toBe(expected);
  });

  test.each(['-5', '+5', '.5', '5.', '1e3', '1.234', 'NaN', '', '٣', ' 1'])(
    '%j is no amount',
    (text) => {
      expect(parseDollars(text)).toBeUndefined();
    },
  );

  test.each([
    [1250n, '12.50'],
    [7n, '0.07'],
    [0n, '0.00'],
    [-305n, '-3.05'],
  ])('%s cents are rendered with two decimals', (amount, expected) => {
    expect(renderDollars(cents(amount))).toBe(expected);
  });
});
