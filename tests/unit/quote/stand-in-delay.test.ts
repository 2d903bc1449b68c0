import { describe, expect, test } from '@jest/globals';
import { delayMs } from '../../../infra/quote-server/delay.ts';
import { hashText, mix, unit } from '../../../infra/quote-server/seeded-random.ts';

const HITS = 20_000;
const SHARES = [0.66, 0.16, 0.08, 0.06, 0.04];

function delaysOf(seed: number): readonly number[] {
  const key = hashText(`${seed} delay`);
  return Array.from({ length: HITS }, (_, hit) =>
    delayMs(unit(mix(key, 2 * hit)), unit(mix(key, 2 * hit + 1))),
  );
}

describe('the delay of the stand-in', () => {
  test.each([1, 2, 4711])('is spread as that of the legacy server was (seed %d)', (seed) => {
    const delays = delaysOf(seed);
    const shares = SHARES.map(
      (_, seconds) => delays.filter((ms) => Math.floor(ms / 1_000) === seconds).length / HITS,
    );
    for (const [seconds, share] of SHARES.entries()) {
      expect(Math.abs((shares[seconds] ?? 0) - share)).toBeLessThan(0.012);
    }
    const mean = delays.reduce((sum, ms) => sum + ms, 0) / HITS;
    expect(Math.abs(mean - 669)).toBeLessThan(30);
  });

  test('is a whole number of seconds and about nine milliseconds', () => {
    const rests = delaysOf(1).map((ms) => ms % 1_000);
    expect(Math.min(...rests)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...rests)).toBeLessThanOrEqual(10);
  });

  test.each([
    [0, 0],
    [0.6599, 0],
    [0.66, 1],
    [0.82, 2],
    [0.9, 3],
    [0.96, 4],
    [0.999999, 4],
  ])('a draw of %d is %d s', (draw, seconds) => {
    expect(delayMs(draw, 0.5)).toBe(seconds * 1_000 + 9);
  });
});
