import { describe, expect, test } from '@jest/globals';
import { describeRefresh } from '../../../producers/web/client/src/pure/describe-refresh.ts';
import { isRenewalDue, LOOKED_AT_MAX_MS } from '../../../producers/web/client/src/pure/renewal.ts';

const moment = {
  now: 1_000_000,
  receivedAt: 930_000,
  askedAt: 0,
  lastInputAt: 999_000,
  pageRefreshMs: 60_000,
  quoteLifetimeMs: 60_000,
};

describe('the price of an open page', () => {
  test('is renewed once it is older than the interval, and too old for a command', () => {
    expect(isRenewalDue(moment)).toBe(true);
    expect(isRenewalDue({ ...moment, receivedAt: 945_000 })).toBe(false);
    expect(isRenewalDue({ ...moment, pageRefreshMs: 300_000 })).toBe(false);
    expect(isRenewalDue({ ...moment, pageRefreshMs: 1_000, receivedAt: 970_000 })).toBe(false);
  });

  test('is left alone where the operator or nobody wants it', () => {
    expect(isRenewalDue({ ...moment, pageRefreshMs: 0 })).toBe(false);
    expect(isRenewalDue({ ...moment, lastInputAt: moment.now - LOOKED_AT_MAX_MS - 1 })).toBe(false);
  });

  test('is not asked for again at once after a refusal', () => {
    expect(isRenewalDue({ ...moment, askedAt: 990_000 })).toBe(false);
  });
});

test('a refresh says how many prices it gets, and what they cost where costs are shown', () => {
  expect(describeRefresh(0, 5)).toBe('Prices are fresh');
  expect(describeRefresh(1, undefined)).toBe('Refresh 1 price');
  expect(describeRefresh(3, 5)).toBe('Refresh 3 prices · $0.15');
});
