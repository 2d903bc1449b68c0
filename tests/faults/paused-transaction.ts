/** Fault 2: a transaction consumer is paused until its shards have moved, then wakes with work in hand. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectSound, startRun } from './support/fault-run.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import type { FaultStep } from './support/points.ts';
import { stopped } from './support/process-state.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
/** Two heartbeats of the broker or the idle limit of the database, and the time for the standby's work. */
const FROZEN_MAX_MS = 15_000;

/** Pauses a consumer at each of the steps in turn, on a system of its own. */
export function pauseTransaction(steps: readonly FaultStep[]): void {
  let faults: FaultSystem;
  beforeAll(async () => {
    // No supervisor kills it, because it must do no harm by itself.
    faults = await openFaultSystem({ watchdogS: 0, heartbeatS: 2 });
  }, START_MS);
  afterAll(() => faults.close(), START_MS);

  describe('a paused transaction consumer', () => {
    test.each(steps)(
      '%s: its standby continues within seconds, and nothing changes when it wakes',
      async (step) => {
        faults.plant(step, 'SIGSTOP');
        const run = startRun(faults, { name: `paused ${step}`, commands: 400 });
        const pid = await stopped(faults);
        const since = performance.now();
        await run.result;
        expect(performance.now() - since).toBeLessThan(FROZEN_MAX_MS);
        process.kill(pid, 'SIGCONT');
        await expectSound(faults, run);
        const after = startRun(faults, { name: `woken ${step}`, commands: 200 });
        await expectSound(faults, after);
      },
      TEST_MS,
    );
  });
}
