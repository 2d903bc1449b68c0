/** What charts show: their scale, and the points of the total value. */
import { describe, expect, test } from '@jest/globals';
import { beyondScale, chartScale } from '../../../producers/web/client/src/pure/chart-scale.ts';
import { valuePoints } from '../../../producers/web/client/src/pure/value-points.ts';

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
