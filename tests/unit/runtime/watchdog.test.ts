import { beforeEach, describe, expect, test } from '@jest/globals';
import { openWatchdog, type Breach, type Watchdog } from '../../../shared/runtime/watchdog.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';

const BOUNDS = { floorMs: 30_000, ceilingMs: 120_000 };
const never = (): Promise<never> => new Promise(() => undefined);

let timers: ManualTimers;
let log: RecordingLogger;
let breaches: Breach[];
let isAway: boolean;
let watchdog: Watchdog;
beforeEach(() => {
  timers = manualTimers();
  log = recordingLogger();
  breaches = [];
  isAway = false;
  watchdog = openWatchdog({ timers, log, onBreach: (breach) => void breaches.push(breach) });
});

const probe = (): Promise<void> => (isAway ? Promise.reject(new Error('away')) : Promise.resolve());

describe('an operation', () => {
  test('that does not end is a breach, soon after its longest time', async () => {
    const run = watchdog.operation('batch', BOUNDS, probe);
    void run(never);
    await timers.advance(30_000);
    expect(breaches).toEqual([]);
    await timers.advance(3_000);
    expect(breaches).toMatchObject([{ operation: 'batch', longestMs: 30_000 }]);
  });

  test('gives the result of its work, and also ends by a fault', async () => {
    const run = watchdog.operation('batch', BOUNDS);
    expect(await run(() => Promise.resolve(7))).toBe(7);
    await expect(run(() => Promise.reject(new RangeError('bad')))).rejects.toThrow('bad');
    await timers.advance(300_000);
    expect(breaches).toEqual([]);
  });

  test('that waits for a service is left alone for as long as the service is away', async () => {
    const run = watchdog.operation('batch', BOUNDS, probe);
    void run(never);
    isAway = true;
    await timers.advance(600_000);
    expect(breaches).toEqual([]);
    expect(log.of('operation waits for a service').length).toBeGreaterThan(1);
  });

  test('gets its whole time again when the service is back', async () => {
    const run = watchdog.operation('batch', BOUNDS, probe);
    void run(never);
    isAway = true;
    await timers.advance(31_500);
    isAway = false;
    await timers.advance(25_000);
    expect(breaches).toEqual([]);
    await timers.advance(10_000);
    expect(breaches).toHaveLength(1);
  });

  test('that ends between two checks is no breach', async () => {
    const run = watchdog.operation('batch', BOUNDS, probe);
    void run(() => new Promise<void>((resolve) => timers.after(31_500, resolve)));
    await timers.advance(100_000);
    expect(breaches).toEqual([]);
  });
});

test('a task whose rounds stop coming is a breach', async () => {
  const onRound = watchdog.task('trigger sweep', 60_000);
  for (let round = 0; round < 5; round += 1) {
    await timers.advance(50_000);
    onRound();
  }
  expect(breaches).toEqual([]);
  await timers.advance(63_000);
  expect(breaches).toMatchObject([{ operation: 'trigger sweep', longestMs: 60_000 }]);
});
