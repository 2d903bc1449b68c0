/**
 * The watchdog replaces a process in which an operation hangs, but not one in which it waits for a service.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import { openLossyProxy, type LossyProxy } from './support/lossy-proxy.ts';
import { LONGEST_MS } from './support/points.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const NAMES = ['transaction-1', 'transaction-2'];
/** Short enough for a test to wait, and longer than a batch takes on a busy machine. */
const LONGEST_BATCH_MS = 3_000;
/** Much longer than an operation may take here. */
const HELD_MS = 2 * LONGEST_BATCH_MS;

let faults: FaultSystem;
let proxy: LossyProxy;
beforeAll(async () => {
  proxy = await openLossyProxy();
  faults = await openFaultSystem({
    override: (name, databaseUrl) =>
      name.startsWith('transaction')
        ? {
            env: {
              DATABASE_URL: proxy.inFrontOf(databaseUrl),
              [LONGEST_MS]: `${LONGEST_BATCH_MS}`,
            },
          }
        : {},
  });
}, START_MS);
afterAll(async () => {
  await faults.close();
  await proxy.close();
}, START_MS);

const restarts = (): number =>
  NAMES.map((name) => faults.restartsOf(name)).reduce((sum, each) => sum + each, 0);

async function series(metric: string): Promise<readonly string[]> {
  const text = await (await fetch(`${faults.system.info().metricsUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

const breaches = async (): Promise<string> =>
  (await series('daytrade_watchdog_breaches_total')).join('\n');

async function areReady(): Promise<boolean> {
  const up = await series('daytrade_process_up');
  return NAMES.every((name) =>
    up.some((line) => line.includes(`name="${name}"`) && line.endsWith(' 1')),
  );
}

/** Returns how the processes ended so far, their logged errors, and the operations that were found to hang. */
const ends = async (): Promise<unknown> => ({
  ended: NAMES.flatMap((name) => faults.exitsOf(name)),
  errors: NAMES.flatMap((name) => faults.errorsOf(name)),
  breaches: await breaches(),
});

describe('a transaction consumer', () => {
  test(
    'with a batch that never ends is replaced, and that is counted by name',
    async () => {
      // Inside the transaction, the database would end the hang after 5 s, perhaps before the watchdog.
      faults.plant('after the commit', 'hang');
      const before = restarts();
      const run = startRun(faults, { name: 'hung batch' });
      await until(() => restarts() > before, { what: 'it is replaced' });
      expect(await breaches()).toMatch(/name="transaction-\d",operation="batch"/);
      await expectSound(faults, run);
      expect(restarts()).toBe(before + 1);
    },
    TEST_MS,
  );

  test(
    'whose database does not answer for seconds is not replaced, and continues',
    async () => {
      const run = startRun(faults, { name: 'held database', pace: atRate(100) });
      // A replacement may still be starting, and a start does not wait for a database that is away.
      await until(areReady, { what: 'both are ready' });
      await until(() => run.answered() >= 100, { what: 'the run is under way' });
      const before = await ends();
      const release = proxy.hold();
      // Only waiting shows that nothing happens.
      await sleep(HELD_MS);
      release();
      await expectSound(faults, run);
      expect(await ends()).toEqual(before);
    },
    TEST_MS,
  );
});
