/** What charts show: their scale, and the points of the total value. */
import { describe, expect, test } from '@jest/globals';
import { beyondScale, chartScale } from '../../../producers/web/client/src/pure/chart-scale.ts';
import {
  daysBeside,
  momentToOpen,
  portfolioPath,
} from '../../../producers/web/client/src/pure/past-moment.ts';
import { rangeWith } from '../../../producers/web/client/src/pure/resample.ts';
import { readMoment } from '../../../producers/web/client/src/pure/route.ts';
import {
  countTrades,
  describePoint,
  markTrades,
  tradesOf,
} from '../../../producers/web/client/src/pure/trades.ts';
import type { LedgerItem } from '../../../shared/web-api/history.ts';
import { instantShown, valuePoints } from '../../../producers/web/client/src/pure/value-points.ts';

describe('the scale of a chart', () => {
  test('includes a line near the prices', () => {
    expect(chartScale([10_000, 10_100], [9_500])).toEqual({ minValue: 9_500, maxValue: 10_100 });
  });

  test('is not squashed by a far line, and says where that is', () => {
    const scale = chartScale([10_000, 10_100], [9_500, 50_000, 1]);
    expect(scale).toEqual({ minValue: 9_500, maxValue: 10_100 });
    expect([50_000, 1, 9_500].map((price) => beyondScale(price, scale))).toEqual([
      'above',
      'below',
      undefined,
    ]);
  });

  test('has a line that is far, but not for prices that move as much', () => {
    expect(chartScale([5_000, 10_000], [18_000])).toEqual({ minValue: 5_000, maxValue: 18_000 });
  });

  test('centres a flat price', () => {
    expect(chartScale([10_000, 10_000])).toEqual({ minValue: 9_950, maxValue: 10_050 });
  });
});

describe('the points of the total value', () => {
  const point = (at: number, value: number, deposited = 500) => ({ at, value, cash: 0, deposited });
  const NOW = 1_000_000;

  test('begin with the first deposit, and end with the present value', () => {
    const points = [point(900_000, 0, 0), point(950_000, 500), point(NOW - 5_000, 510)];
    const drawn = valuePoints({ range: '1d', points }, { at: NOW, value: 520 });
    expect(drawn[0]?.value).toBe(500);
    expect(drawn.at(-1)?.value).toBe(520);
    expect(new Set(drawn.map(({ value }) => value))).toEqual(new Set([500, 510, 520]));
  });

  test('open the portfolio of the instant whose value they show', () => {
    const points = [point(900_700, 500), point(903_300, 510)];
    const history = { range: '1d' as const, points };
    // The chart rounds its first point down, to before the account was opened.
    expect([900_000, 902_000, 903_000].map((at) => instantShown(history, at))).toEqual([
      900_700, 900_700, 900_700,
    ]);
    expect(instantShown(history, 905_000)).toBe(905_000);
  });

  test('are there even if the page’s clock is behind the server', () => {
    const drawn = valuePoints(
      { range: '1w', points: [point(NOW + 3_000, 500)] },
      { at: NOW, value: 500 },
    );
    expect(drawn.length).toBeGreaterThan(0);
  });

  test('are none before the first deposit', () => {
    const points = [point(900_000, 0, 0)];
    expect(valuePoints({ range: 'all', points }, { at: NOW, value: 0 })).toEqual([]);
  });
});

describe('the user’s own trades on a chart', () => {
  const entry = (type: string, at: number, change: Partial<LedgerItem> = {}): LedgerItem => ({
    ...{ of: 'ledger', id: `${at}`, at, number: at, type, symbol: 'ABC', price: 1_228, balance: 0 },
    ...{ balanceAfter: 0, reserve: 0, shares: 0, reservedShares: 0, ...change },
  });
  const points = [10_000, 20_000, 30_000].map((at) => ({ at, value: 1_230 }));
  const trades = tradesOf([
    entry('SellTriggerFired', 29_000, { reservedShares: -3 }),
    entry('BuyAmountSet', 25_000, { price: null }),
    entry('BuyCommitted', 12_000, { shares: 4 }),
    entry('BuyTriggerFired', 5_000, { shares: 1 }),
    entry('SellCommitted', 31_000, { shares: -2 }),
    entry('BuyCommitted', 0, { shares: 9 }),
  ]);
  const marks = markTrades(points, trades);

  test('are at their points in order of time, without those before the chart', () => {
    const shares = marks.map(({ at, trades: there }) => [at, there.map((trade) => trade.shares)]);
    expect(shares).toEqual([
      [10_000, [1]],
      [20_000, [4]],
      [30_000, [3, 2]],
    ]);
  });

  test('are counted, and told in words at their point', () => {
    expect(countTrades(marks)).toBe('Your trades: 2 buys, 2 sales.');
    expect(countTrades([])).toBe('');
    expect(describePoint({ at: 20_000, value: 1_230 }, marks)).toMatch(
      /: \$12\.30\. Bought 4 shares at \$12\.28\.$/,
    );
  });
});

describe('a moment that a link names', () => {
  const NOW = 10_000_000_000;

  test('opens the shortest range, from an hour on, that contains it', () => {
    const agesMs = [0, 60_000, 3_599_000, 80_000_000, 700_000_000, 9_000_000_000];
    expect(agesMs.map((age) => rangeWith(NOW - age, NOW))).toEqual([
      ...['1h', '1h', '1d', '1w', '1M', 'all'],
    ]);
  });

  test('is ignored if it is not valid or not yet', () => {
    const read = (at: string) => readMoment(new URLSearchParams({ at }), NOW);
    expect(['9999999999', '20000000000', '-1', '1.5', 'x', ''].map(read)).toEqual([
      ...[9_999_999_999, undefined, undefined, undefined, undefined, undefined],
    ]);
  });
});

describe('a moment of the value chart', () => {
  const NOON = Date.UTC(2026, 10, 25, 12);
  const DAY_MS = 86_400_000;

  test('opens the end of its day, or itself if its day is not over', () => {
    expect(momentToOpen(NOON - DAY_MS, NOON)).toBe(Date.UTC(2026, 10, 25) - 1);
    expect(momentToOpen(NOON - 60_000, NOON)).toBe(NOON - 60_000);
  });

  test('at the end of the chart opens the present', () => {
    expect(momentToOpen(NOON + 5_000, NOON)).toBeUndefined();
    expect(portfolioPath(momentToOpen(NOON, NOON))).toBe('/portfolio');
  });

  test('is between the ends of the days before and after', () => {
    const { before, after } = daysBeside(NOON);
    expect([before, after]).toEqual([Date.UTC(2026, 10, 25) - 1, Date.UTC(2026, 10, 27) - 1]);
    expect(daysBeside(before).after).toBe(Date.UTC(2026, 10, 26) - 1);
  });
});
