import { expect, test } from '@jest/globals';
import { nextAttempt, restartAfterMs } from '../../../infra/host/restart-policy.ts';

test('a healthy process is restarted at once', () => {
  expect(nextAttempt(5, 11_000)).toBe(0);
  expect(restartAfterMs(0)).toBe(0);
});

test('an unhealthy one is restarted later each time', () => {
  expect(nextAttempt(3, 9_000)).toBe(4);
});

test('the first end is taken for an accident; later ones wait longer and longer, within a bound', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 20];
  const waits = attempts.map((attempt) => restartAfterMs(attempt, () => 1));
  expect(waits).toEqual([0, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
});
