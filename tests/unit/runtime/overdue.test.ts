import { describe, expect, test } from '@jest/globals';
import { OperationTimes, TaskTimes } from '../../../shared/runtime/overdue.ts';

const BOUNDS = { floorMs: 1_000, ceilingMs: 10_000 };

/** Makes the times of an operation whose runs took `ms`. */
function timesOf(...ms: readonly number[]): OperationTimes {
  const times = new OperationTimes(BOUNDS);
  for (const each of ms) times.end(times.begin(0), each);
  return times;
}

describe('an operation may take', () => {
  test('the floor if nothing is known of it, or all are fast', () => {
    expect(timesOf().longestMs()).toBe(1_000);
    expect(timesOf(1, 2, 3).longestMs()).toBe(1_000);
  });

  test('twenty times the p99: a single slow one of a hundred does not count', () => {
    const fast = Array.from({ length: 99 }, () => 100);
    expect(timesOf(...fast, 400).longestMs()).toBe(2_000);
    expect(timesOf(...fast, 400, 400).longestMs()).toBe(8_000);
  });

  test('the ceiling at most, even if all are slow', () => {
    expect(timesOf(5_000, 6_000).longestMs()).toBe(10_000);
  });

  test('a time derived from the latest thousand: older ones are forgotten', () => {
    const slow = Array.from({ length: 1_000 }, () => 300);
    const fast = Array.from({ length: 1_000 }, () => 100);
    expect(timesOf(...slow).longestMs()).toBe(6_000);
    expect(timesOf(...slow, ...fast).longestMs()).toBe(2_000);
  });
});

describe('an operation is overdue', () => {
  test('once its oldest run has taken longer, until that run ends', () => {
    const times = timesOf();
    const first = times.begin(0);
    times.begin(500);
    expect(times.overdue(1_000)).toBeUndefined();
    expect(times.overdue(1_001)).toEqual({ ms: 1_001, longestMs: 1_000 });
    times.end(first, 1_100);
    expect(times.overdue(1_101)).toBeUndefined();
    // By now the bound knows that they are slow.
    expect(times.overdue(10_500)).toBeUndefined();
    expect(times.overdue(10_501)).toEqual({ ms: 10_001, longestMs: 10_000 });
  });

  test('not by time that is excused', () => {
    const times = timesOf();
    times.begin(0);
    times.excuse(5_000);
    expect(times.overdue(6_000)).toBeUndefined();
    expect(times.overdue(6_001)).toBeDefined();
  });
});

test('a task is overdue once its next round has not come within the interval', () => {
  const times = new TaskTimes(100, 0);
  expect(times.overdue(100)).toBeUndefined();
  expect(times.overdue(101)).toEqual({ ms: 101, longestMs: 100 });
  times.excuse(101);
  expect(times.overdue(201)).toBeUndefined();
});
