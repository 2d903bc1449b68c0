import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimate } from '../../../producers/web/client/src/pure/estimate.ts';
import { occurrenceCounter } from '../../../producers/web/client/src/pure/occurrence-counter.ts';
import { resample, spanOf, withPoint } from '../../../producers/web/client/src/pure/resample.ts';
import { isOutcomeUnknown, retryDelayMs } from '../../../producers/web/client/src/pure/retry.ts';
import {
  checkSymbol,
  parseRoute,
  readSymbol,
} from '../../../producers/web/client/src/pure/route.ts';
import {
  TOASTS_MAX,
  withoutToast,
  withToast,
  type Toast,
} from '../../../producers/web/client/src/pure/toasts.ts';

describe('an estimate', () => {
  test('cost and rest are the amount, and the rest is less than a share', () => {
    const cents = fc.integer({ min: 1, max: 100_000_000_000 });
    fc.assert(
      fc.property(cents, cents, (amount, price) => {
        const { shares, cost, rest } = estimate(amount, price);
        expect(Number.isInteger(shares)).toBe(true);
        expect(shares * price).toBe(cost);
        expect(cost + rest).toBe(amount);
        expect(rest).toBeLessThan(price);
      }),
    );
  });
});

describe('an address', () => {
  test('names a page, and what of it is shown', () => {
    expect(parseRoute('/portfolio')).toEqual({ page: 'portfolio' });
    expect(parseRoute('/triggers/X')).toEqual({ page: 'triggers', symbol: 'X' });
    expect(parseRoute('/admin/users')).toEqual({ page: 'admin', part: 'users' });
  });

  test('the bare one is the trade page; what is none is unknown', () => {
    expect(parseRoute('/')).toEqual({ page: 'trade' });
    expect(parseRoute('/trade/abc')).toEqual({ page: 'trade', symbol: 'ABC' });
    for (const path of ['/nowhere', '/history/ABC', '/admin/ABC', '/history/users']) {
      expect(parseRoute(path)).toEqual({ page: 'unknown' });
    }
  });

  test('with another text in the place of a symbol keeps the text, to say what is wrong with it', () => {
    expect(parseRoute('/trade/ABCD')).toEqual({ page: 'unknown', badSymbol: 'ABCD' });
    expect(parseRoute('/triggers/%3Cb')).toEqual({ page: 'unknown', badSymbol: '<b' });
    expect(parseRoute('/trade/%')).toEqual({ page: 'unknown', badSymbol: '%' });
  });

  test('what is wrong with a symbol is said', () => {
    expect(['', 'abc', ' X '].map(checkSymbol)).toEqual([undefined, undefined, undefined]);
    expect(checkSymbol('abcd')).toBe('A symbol has one to three letters; ABCD has 4.');
    expect(checkSymbol('A1')).toContain('from A to Z, and nothing else');
  });

  test('a symbol is one to three letters', () => {
    expect(['a', ' xyz ', 'ab1', 'abcd', ''].map(readSymbol)).toEqual([
      'A',
      'XYZ',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a chart’s points', () => {
  test('hold a price until the next, from the span’s begin on', () => {
    const points = [
      { at: 0, value: 10 },
      { at: 12_500, value: 20 },
    ];
    expect(resample(points, { from: 10_000, to: 13_000 })).toEqual([
      { at: 10_000, value: 10 },
      { at: 11_000, value: 10 },
      { at: 12_000, value: 10 },
      { at: 13_000, value: 20 },
    ]);
  });

  test('are few, equally far apart, and end with the last price', () => {
    const points = Array.from({ length: 5_000 }, (_, index) => ({ at: index * 777, value: index }));
    const drawn = resample(points, spanOf('all', points, 4_999 * 777));
    expect(drawn.length).toBeLessThan(300);
    expect(drawn.at(-1)?.value).toBe(4_999);
    const steps = new Set(drawn.slice(1).map(({ at }, index) => at - (drawn[index]?.at ?? 0)));
    expect(steps.size).toBe(1);
  });

  test('begin where prices do, and without any there are none', () => {
    const span = { from: 0, to: 60_000 };
    expect(resample([{ at: 30_000, value: 1 }], span)[0]?.at).toBe(30_000);
    const moved = [30_100, 30_900].map((at, value) => ({ at, value }));
    const [begin] = resample(moved, { from: 30_100, to: 60_000 });
    expect(begin).toEqual({ at: 30_000, value: 0 });
    expect(resample([], span)).toEqual([]);
  });

  test('give no room to a time before anything was known', () => {
    const points = [{ at: 9_000_000, value: 1 }];
    expect(spanOf('1d', points, 9_600_000)).toEqual({ from: 9_000_000, to: 9_600_000 });
    expect(spanOf('5m', points, 9_600_000).from).toBe(9_300_000);
    expect(spanOf('1h', [], 9_600_000).from).toBe(9_540_000);
  });

  test('take in a later point only', () => {
    const points = [{ at: 5, value: 1 }];
    expect(withPoint(points, { at: 5, value: 2 })).toBe(points);
    expect(withPoint(points, { at: 6, value: 2 })).toHaveLength(2);
  });
});

describe('asking again', () => {
  test('waits ever longer, up to a bound, each time between half and the whole of it', () => {
    const longest = (tries: number): number => retryDelayMs(tries, () => 1);
    const shortest = (tries: number): number => retryDelayMs(tries, () => 0);
    expect([0, 1, 2, 10].map(longest)).toEqual([400, 800, 1_600, 5_000]);
    expect([0, 1, 2, 10].map(shortest)).toEqual([200, 400, 800, 2_500]);
  });

  test('is for answers that leave the outcome open', () => {
    expect([200, 401, 409, 422, 429, 500, 503, 504].filter(isOutcomeUnknown)).toEqual([
      429, 500, 503, 504,
    ]);
  });
});

test('notices are few, the oldest give way, and each can be dismissed', () => {
  const toast = (id: number): Toast => ({ id, kind: 'info', title: 'x' });
  let toasts: readonly Toast[] = [];
  for (let id = 1; id <= 6; id += 1) toasts = withToast(toasts, toast(id));
  expect(toasts.map(({ id }) => id)).toEqual([3, 4, 5, 6]);
  expect(toasts).toHaveLength(TOASTS_MAX);
  expect(withoutToast(toasts, 4).map(({ id }) => id)).toEqual([3, 5, 6]);
});

test('what occurs is counted, however the text is cut', () => {
  const text = '<a></n><b></n></n>';
  for (let size = 1; size <= text.length; size += 1) {
    const count = occurrenceCounter('</n>');
    const pieces = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
    expect(pieces.map((piece) => count(piece)).at(-1)).toBe(3);
  }
});
