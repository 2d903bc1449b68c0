/** The moments of a run: short at first, bounded in number, and complete. */
import { expect, test } from '@jest/globals';
import { openMomentRecorder } from '../../../producers/workload/moments.ts';

test('a moment has what was answered in it, and its latencies', () => {
  const recorder = openMomentRecorder();
  recorder.record({ atMs: 1, answered: 3, rejected: 1, latencyMs: 10 });
  recorder.record({ atMs: 19, answered: 2, rejected: 0, latencyMs: 1_000 });
  recorder.record({ atMs: 61, answered: 1, rejected: 1, latencyMs: 5 });
  const { lengthS, all } = recorder.moments();
  expect(lengthS).toBe(0.02);
  expect(all.map(({ atS, answered, rejected }) => [atS, answered, rejected])).toEqual([
    [0, 5, 1],
    [0.02, 0, 0],
    [0.04, 0, 0],
    [0.06, 1, 1],
  ]);
  expect(all[0]?.p50Ms).toBeCloseTo(10, 0);
  expect(all[0]?.p99Ms).toBeGreaterThan(989);
  expect(all[1]?.p50Ms).toBeUndefined();
});

test('a long run has longer moments, and loses nothing', () => {
  const recorder = openMomentRecorder();
  const seconds = 3_600;
  for (let at = 0; at < seconds; at += 1) {
    recorder.record({ atMs: at * 1_000, answered: 2, rejected: 1, latencyMs: at });
  }
  const { lengthS, all } = recorder.moments();
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  expect(all.length).toBeLessThanOrEqual(120);
  expect(all.length * lengthS).toBeGreaterThanOrEqual(seconds);
  expect(sum(all.map(({ answered }) => answered))).toBe(2 * seconds);
  expect(sum(all.map(({ rejected }) => rejected))).toBe(seconds);
  expect(all.at(-1)?.p50Ms).toBeGreaterThan(3_500);
});
