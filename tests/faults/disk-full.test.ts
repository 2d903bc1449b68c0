/** Fault 5: there is no room left for the database, for a while. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import { canMount, mountSmallDisk, type SmallDisk } from './support/small-disk.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const FULL_MAX_MS = 30_000;
const COMMANDS = 3_000;

const withDisk = canMount() ? describe : describe.skip;

withDisk('a disk that fills up under the database (skipped where no tmpfs can be mounted)', () => {
  let disk: SmallDisk;
  let faults: FaultSystem;
  beforeAll(async () => {
    faults = await openFaultSystem({
      privateServices: true,
      prepare: (home) => {
        disk = mountSmallDisk(home);
      },
    });
  }, START_MS);
  afterAll(async () => {
    await faults.close();
    disk.unmount();
  }, START_MS);

  const saysSo = (): boolean =>
    ['transaction-1', 'transaction-2'].some((name) =>
      /No space left.*"batch held"/.test(
        readFileSync(join(faults.home, 'logs', `${name}.log`), 'utf8'),
      ),
    );

  test(
    'holds batches back, says so, and costs nothing once there is room',
    async () => {
      const run = startRun(faults, { name: 'disk full', commands: COMMANDS, pace: atRate(600) });
      await until(() => run.answered() >= 100, { what: 'the run is under way' });
      disk.fill();
      try {
        await until(saysSo, { what: 'a batch is held for want of room', timeoutMs: FULL_MAX_MS });
        expect(run.answered()).toBeLessThan(COMMANDS);
      } finally {
        disk.free();
      }
      await expectSound(faults, run);
    },
    TEST_MS,
  );
});
