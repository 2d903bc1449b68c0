/** Faults 4 and 5: the broker and the database themselves die, are restarted, raise alarms. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { raiseAlarm } from '../../infra/chaos/broker-control.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun, type FaultRun } from './support/fault-run.ts';
import { openFaultSystem, replaced, type FaultSystem } from './support/fault-system.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
/** At this rate a run outlasts the seconds that the broker's command line takes. */
const COMMANDS = 5_000;
const RATE = 600;

let faults: FaultSystem;
beforeAll(async () => {
  faults = await openFaultSystem({ privateServices: true });
}, START_MS);
afterAll(() => faults.close(), START_MS);

const underWay = async (name: string, commands: number): Promise<FaultRun> => {
  const run = startRun(faults, { name, commands, pace: atRate(RATE) });
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
      const run = await underWay(name, 1_200);
      await strike(service, signal);
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test.each(['memory', 'disk'] as const)(
    'the %s alarm of the broker blocks publishing, says so, and nothing hangs after it',
    async (alarm) => {
      const run = await underWay(`alarm of ${alarm}`, COMMANDS);
      const endAlarm = await raiseAlarm(faults.home, alarm);
      try {
        await until(() => run.log.of('publishing blocked by the broker').length > 0, {
          what: 'the producer says that publishing is blocked',
        });
        expect(run.answered()).toBeLessThan(COMMANDS);
      } finally {
        await endAlarm();
      }
      await expectSound(faults, run);
      expect(run.log.of('publishing unblocked')).toHaveLength(1);
    },
    TEST_MS,
  );
});
