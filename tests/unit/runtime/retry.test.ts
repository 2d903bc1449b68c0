import { describe, expect, test } from '@jest/globals';
import { retry } from '../../../shared/runtime/retry.ts';

const failingTimes = (times: number): (() => Promise<string>) => {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? Promise.reject(new Error(`${left} more`)) : Promise.resolve('done');
  };
};

describe('retrying', () => {
  test('runs work until it succeeds, and reports each fault before its pause', async () => {
    const steps: string[] = [];
    const result = await retry(failingTimes(2), {
      backoff: { firstMs: 100, longestMs: 150 },
      pause: (ms) => {
        steps.push(ms >= 50 && ms <= 150 ? 'pause' : `pause of ${ms} ms`);
        return Promise.resolve();
      },
      onHeld: (error, attempt) => void steps.push(`${attempt}: ${String(error)}`),
    });
    expect(result).toBe('done');
    expect(steps).toEqual(['0: Error: 1 more', 'pause', '1: Error: 0 more', 'pause']);
  });

  test('rejects with the first error that is not retryable', async () => {
    const held: unknown[] = [];
    const retried = retry(failingTimes(3), {
      backoff: { firstMs: 1, longestMs: 1 },
      pause: () => Promise.resolve(),
      isRetryable: (error) => String(error) !== 'Error: 1 more',
      onHeld: (error) => void held.push(error),
    });
    await expect(retried).rejects.toThrow('1 more');
    expect(held).toHaveLength(1);
  });

  test('rejects with the error of the last attempt, without another pause', async () => {
    let pauses = 0;
    const retried = retry(failingTimes(4), {
      backoff: { firstMs: 1, longestMs: 1 },
      pause: () => Promise.resolve(void (pauses += 1)),
      attemptsMax: 3,
    });
    await expect(retried).rejects.toThrow('1 more');
    expect(pauses).toBe(2);
  });
});
