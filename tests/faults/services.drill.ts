/** Faults 4 and 5: the broker and the database themselves die, are restarted, raise alarms. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { raiseAlarm } from '../../infra/chaos/broker-control.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { fillDisk } from './disk-full.ts';
import { expectSound, startRun, type FaultRun } from './support/fault-run.ts';
import { slowRun } from './support/under-way.ts';
import { openFaultSystem, replaced, type FaultSystem } from './support/fault-system.ts';
import { canMount, mountSmallDisk, type SmallDisk } from './support/small-disk.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
/** At this slow rate a run lasts longer than raising an alarm takes. */
const COMMANDS = 1_500;
const RATE = 200;

const isMounted = canMount();
let disk: SmallDisk | undefined;
let faults: FaultSystem;
beforeAll(async () => {
  faults = await openFaultSystem({
    privateServices: true,
    prepare: (home) => {
      if (isMounted) disk = mountSmallDisk(home);
    },
  });
}, START_MS);
afterAll(async () => {
  await faults.close();
  disk?.unmount();
}, START_MS);

const underWay = async (name: string): Promise<FaultRun> => {
  const run = startRun(faults, { name, pace: atRate(RATE) });
  await until(() => run.answered() >= 100, { what: 'the run is under way' });
  return run;
};

const strike = (name: string, signal: NodeJS.Signals): Promise<void> => {
  const restarts = faults.restartsOf(name);
  process.kill(faults.pidOf(name), signal);
  return replaced(faults, name, restarts);
};

describe('under load', () => {
  test.each<readonly [string, string, NodeJS.Signals]>([
    ['the broker is killed', 'rabbitmq', 'SIGKILL'],
    ['the broker is restarted in order', 'rabbitmq', 'SIGTERM'],
    ['the database is killed', 'postgresql', 'SIGKILL'],
    ['the database is restarted in order', 'postgresql', 'SIGINT'],
  ])(
    '%s',
    async (name, service, signal) => {
      const run = await underWay(name);
      await strike(service, signal);
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test.each(['memory', 'disk'] as const)(
    'the %s alarm of the broker blocks publishing, says so, and nothing hangs after it',
    async (alarm) => {
      const run = await slowRun(faults, { name: `alarm of ${alarm}`, commands: COMMANDS });
      const endAlarm = await raiseAlarm(faults.home, alarm);
      try {
        await until(() => run.log.of('publishing blocked by the broker').length > 0, {
          what: 'the producer says that publishing is blocked',
        });
        expect(run.answered()).toBeLessThan(COMMANDS);
      } finally {
        run.hurry();
        await endAlarm();
      }
      await expectSound(faults, run);
      expect(run.log.of('publishing unblocked')).toHaveLength(1);
    },
    TEST_MS,
  );
});

fillDisk(() => faults, {
  isMounted,
  disk: () => {
    if (disk === undefined) throw new Error('no disk is mounted');
    return disk;
  },
});
