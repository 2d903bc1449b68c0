import { describe, expect, test } from '@jest/globals';
import {
  formatChange,
  formatCountChange,
  formatMoney,
  formatPercent,
  formatShares,
  plainDollars,
  readAmount,
  separatorsOf,
} from '../../../producers/web/client/src/pure/money.ts';

describe('money on the page', () => {
  test.each([
    [0, '$0.00'],
    [7, '$0.07'],
    [123_450, '$1,234.50'],
    [-310, '−$3.10'],
    [900_000_000_000_000, '$9,000,000,000,000.00'],
  ])('%d cents read %s', (cents, text) => {
    expect(formatMoney(cents)).toBe(text);
  });

  test('a change shows its direction, none has none', () => {
    expect([1_200, -5, 0].map(formatChange)).toEqual(['+$12.00', '−$0.05', '$0.00']);
    expect([1_200, -5, 0].map(formatCountChange)).toEqual(['+1,200', '−5', '0']);
  });

  test('a percentage compares with what was before, and with nothing is none', () => {
    expect(formatPercent(125, 10_000)).toBe('+1.25%');
    expect(formatPercent(-1, 100_000)).toBe('0.00%');
    expect(formatPercent(2_500_000, 100)).toBe('+2,500,000.00%');
    expect(formatPercent(5, 0)).toBe('–');
  });

  test('one share is not plural', () => {
    expect([1, 2, 12_000].map(formatShares)).toEqual(['1 share', '2 shares', '12,000 shares']);
  });

  test('what the API is sent has two decimals and no separators', () => {
    expect([5, 123_456_789].map(plainDollars)).toEqual(['0.05', '1234567.89']);
  });
});

describe('an amount that is typed', () => {
  test.each([
    ['250', 25_000],
    [' $ 1,234.5 ', 123_450],
    ['0.07', 7],
    ['1000000000', 100_000_000_000],
  ])('%j is taken', (text, cents) => {
    expect(readAmount(text)).toEqual({ is: 'amount', cents });
  });

  test.each([
    ['-5', 'Enter more than $0.00.'],
    ['0', 'Enter more than $0.00.'],
    ['1.234', 'Use at most two decimals: whole cents.'],
    ['1e3', 'Enter dollars, such as 250 or 99.95.'],
    ['1,23', 'Enter dollars, such as 250 or 99.95.'],
    ['1000000000.01', 'At most $1,000,000,000.00 at a time.'],
  ])('%j is refused with what to do', (text, fault) => {
    expect(readAmount(text)).toEqual({ is: 'fault', fault });
  });

  test.each([
    ['de-DE', '99,95', 9_995],
    ['de-DE', '1.234,5', 123_450],
    ['de-DE', '1.234', 123_400],
    ['de-DE', '99.95', 9_995],
    ['fr-FR', '1 234,50', 123_450],
    ['de-CH', '1’234.50', 123_450],
    ['en-IN', '12,34,567.89', 123_456_789],
    ['en-US', '1,234', 123_400],
    ['en-US@posix', '1,234', 123_400],
    // The first language decides; the second helps with what is no number in the first.
    ['en-US de-DE', '1,234', 123_400],
    ['en-US de-DE', '99,95', 9_995],
  ])('in %s, %j is what people there mean by it', (languages, text, cents) => {
    const separators = separatorsOf(languages.split(' '));
    expect(readAmount(text, separators)).toEqual({ is: 'amount', cents });
  });

  test.each([
    ['de-DE', '1,234', 'Use at most two decimals: whole cents.'],
    ['en-US de-DE', '1.234', 'Use at most two decimals: whole cents.'],
    ['en-US', '99,95', 'Enter dollars, such as 250 or 99.95.'],
    ['de-DE', '1.23,4', 'Enter dollars, such as 250 or 99.95.'],
  ])('in %s, %j could be misread and is refused', (languages, text, fault) => {
    const separators = separatorsOf(languages.split(' '));
    expect(readAmount(text, separators)).toEqual({ is: 'fault', fault });
  });

  test('an empty field is no fault yet', () => {
    expect(readAmount('  ')).toEqual({ is: 'empty' });
  });
});
