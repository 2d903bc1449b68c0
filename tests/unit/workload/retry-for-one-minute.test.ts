import { beforeEach, describe, expect, test } from '@jest/globals';
import { retryForOneMinute } from '../../../producers/workload/retry-for-one-minute.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const AWAY = new Error('Connection terminated unexpectedly');

let timers: ManualTimers;
let abort: AbortController;
let faults: Error[];
let tries: number;

beforeEach(() => {
  timers = manualTimers();
  abort = new AbortController();
  faults = [];
  tries = 0;
});

/** Retries work that meets the faults one by one. Keeps how it ended. */
function watch(): () => string | undefined {
  let end: string | undefined;
  const work = (): Promise<string> => {
    tries += 1;
    const fault = faults.shift();
    return fault === undefined ? Promise.resolve('done') : Promise.reject(fault);
  };
  retryForOneMinute(work, { signal: abort.signal, timers, log: recordingLogger() }).then(
    (value) => (end = value),
    (error: unknown) => (end = String(error)),
  );
  return () => end;
}

describe('the end of a run', () => {
  test('is tried again until the database is back', async () => {
    faults = [AWAY, AWAY, AWAY];
    const end = watch();
    await timers.advance(5_000);
    expect([end(), tries]).toEqual(['done', 4]);
  });

  test('fails at once by a fault that does not pass', async () => {
    faults = [new Error('there is no such table'), AWAY];
    const end = watch();
    await timers.advance(0);
    expect([end(), tries]).toEqual(['Error: there is no such table', 1]);
  });

  test('fails if the database is away for more than a minute', async () => {
    faults = Array(1_000).fill(AWAY) as Error[];
    const end = watch();
    await timers.advance(59_000);
    expect(end()).toBeUndefined();
    await timers.advance(2_000);
    expect(end()).toMatch(/Connection terminated/);
    expect(timers.pending()).toBe(0);
  });

  test('stops waiting once the run is given up', async () => {
    faults = Array(1_000).fill(AWAY) as Error[];
    const end = watch();
    await timers.advance(2_000);
    abort.abort();
    await timers.advance(0);
    expect(end()).toMatch(/Connection terminated/);
    expect(timers.pending()).toBe(0);
  });
});
