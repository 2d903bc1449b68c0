/** Faults 4 and 5: connections, channels and queues are closed; the database ends connections and answers late. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections, deleteQueue } from '../../infra/chaos/broker-faults.ts';
import { holdLocks, terminateConnections } from '../../infra/chaos/database-faults.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { commandsQueue } from '../../shared/messages/address.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun, type FaultRun } from './support/fault-run.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import { slowRun } from './support/under-way.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const RATE = 400;
/** The management API learns of new connections within five seconds. A run lasts longer at this rate. */
const SLOW = { commands: 1_000, rate: 50, symbols: 60 };
/** Each check queries all connections of the broker. */
const LOOK_MS = 250;
const LOCK_HELD_MS = 3_000;

let faults: FaultSystem;
beforeAll(async () => {
  faults = await openFaultSystem({ quoteDelayMs: 20 });
}, START_MS);
afterAll(() => faults.close(), START_MS);

const underWay = async (name: string): Promise<FaultRun> => {
  const run = startRun(faults, { name, pace: atRate(RATE), symbols: 60 });
  await until(() => run.answered() >= 100, { what: 'the run is under way' });
  return run;
};

const close = async (named: string): Promise<void> => {
  await until(async () => (await closeConnections(faults.broker, named)) > 0, {
    what: `connections named "${named}" are closed`,
    lookMs: LOOK_MS,
  });
};

describe('under load', () => {
  test(
    'every connection to the broker is closed',
    async () => {
      const run = await slowRun(faults, { name: 'connections closed', ...SLOW });
      await close('');
      run.hurry();
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test.each([
    ['the connections of the producer, and its reply queue with them', 'workload'],
    ['the publishing connections', 'publishing'],
    ['the consuming connections', 'consuming'],
  ])(
    '%s are closed',
    async (_name, named) => {
      const name = `${named} connections closed`;
      const run = await slowRun(faults, { name, ...SLOW });
      await close(named);
      run.hurry();
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test(
    'queues are deleted under their consumers: they are declared again, and their messages are sent again',
    async () => {
      const run = await underWay('queues deleted');
      await Promise.all(
        [0, 5, 10, 15].map((shard) => deleteQueue(faults.broker, commandsQueue(shard))),
      );
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test(
    'every connection to the database is ended by the server',
    async () => {
      const run = await underWay('database connections ended');
      expect(await terminateConnections(faults.pool)).toBeGreaterThan(0);
      await expectSound(faults, run);
    },
    TEST_MS,
  );

  test(
    "the users' locks are held by somebody else for seconds",
    async () => {
      const run = await underWay('locks held');
      await holdLocks(faults.pool, LOCK_HELD_MS);
      await expectSound(faults, run);
    },
    TEST_MS,
  );
});
