import { describe, expect, test } from '@jest/globals';
import { CALM, decideScale, type PoolLoad } from '../../../infra/supervisor/scale-policy.ts';
import type { ScaleRange } from '../../../shared/control/system-info.ts';

const RANGE: ScaleRange = { least: 1, most: 4 };
const LONG: PoolLoad = { waitS: 3, cpuPercent: 95 };
const IDLE: PoolLoad = { waitS: 0, cpuPercent: 2 };
const STEADY: PoolLoad = { waitS: 0.5, cpuPercent: 60 };

/** Returns the sizes after each sample. */
function sizesAfter(loads: readonly PoolLoad[], first: number, range = RANGE): readonly number[] {
  let state = CALM;
  let size = first;
  return loads.map((load) => {
    ({ state, size } = decideScale(state, { size, load, range }));
    return size;
  });
}
const times = (count: number, load: PoolLoad): readonly PoolLoad[] =>
  Array.from({ length: count }, () => load);

describe('how many processes a pool has', () => {
  test('a wait that lasts three looks adds one', () => {
    expect(sizesAfter(times(4, LONG), 1)).toEqual([1, 1, 2, 2]);
  });

  test('a peak that passes adds none', () => {
    expect(sizesAfter([LONG, LONG, STEADY, LONG, LONG], 1)).toEqual([1, 1, 1, 1, 1]);
  });

  test('it grows one at a time, and no further than its range', () => {
    expect(Math.max(...sizesAfter(times(40, LONG), 1))).toBe(4);
  });

  test('an idle minute takes one away, but never the last', () => {
    const sizes = sizesAfter(times(40, IDLE), 3);
    expect(sizes.slice(10, 13)).toEqual([3, 2, 2]);
    expect(Math.min(...sizes)).toBe(1);
  });

  test('none is taken away if its work would make the others busy', () => {
    const load = { waitS: 0, cpuPercent: 30 };
    expect(sizesAfter(times(30, load), 2)).toEqual(times(30, load).map(() => 2));
  });

  test('steady work changes nothing', () => {
    expect(new Set(sizesAfter(times(100, STEADY), 2))).toEqual(new Set([2]));
  });

  test('the work for which a process was added does not remove it', () => {
    // 90 % of one process is 45 % of two; one alone would be back at 90 %.
    const grown = sizesAfter(times(3, { waitS: 0, cpuPercent: 90 }), 1).at(-1);
    expect(grown).toBe(2);
    expect(new Set(sizesAfter(times(50, { waitS: 0, cpuPercent: 45 }), 2))).toEqual(new Set([2]));
  });

  test('messages without any consumer need more', () => {
    expect(sizesAfter(times(3, { waitS: Infinity, cpuPercent: 0 }), 1).at(-1)).toBe(2);
  });

  test('a size outside the range is corrected at once, with the reason', () => {
    const range = { least: 2, most: 3 };
    expect(decideScale(CALM, { size: 5, load: STEADY, range })).toMatchObject({ size: 3 });
    const { size, reason } = decideScale(CALM, { size: 1, load: STEADY, range });
    expect([size, reason]).toEqual([2, 'the range is 2 to 3']);
  });

  test('a change states the measurements behind it', () => {
    let state = CALM;
    for (let look = 0; look < 2; look += 1) {
      ({ state } = decideScale(state, { size: 1, load: LONG, range: RANGE }));
    }
    const { reason } = decideScale(state, { size: 1, load: LONG, range: RANGE });
    expect(reason).toBe('a wait of 3.0 s and 95 % CPU a process for 15 s');
  });
});
