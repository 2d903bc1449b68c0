/** Fault 1: `kill -9` of the quote, trigger and audit consumers, during a dump, and of all at once. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import { replaced, type FaultSystem } from './support/fault-system.ts';

const TEST_MS = 240_000;
const KILLED_AT = 100;

const kill = (faults: FaultSystem, name: string): Promise<void> => {
  const restarts = faults.restartsOf(name);
  process.kill(faults.pidOf(name), 'SIGKILL');
  return replaced(faults, name, restarts);
};

/** Runs on a system that it shares with the other fault tests. */
export function killOthers(faults: () => FaultSystem): void {
  describe('killed under load', () => {
    beforeAll(async () => {
      const { setPoolSize } = faults().system.actions;
      // The killed process has a standby.
      for (const pool of ['quote', 'trigger', 'audit'] as const) await setPoolSize(pool, 2);
    });

    test.each([['quote-1'], ['quote-2'], ['trigger-1'], ['audit-1'], ['audit-1', 'audit-2']])(
      '%s %s',
      async (...names) => {
        const name = `killed ${names.join(' ')}`;
        const run = startRun(faults(), { name, pace: atRate(400), symbols: 60 });
        await until(() => run.answered() >= KILLED_AT, { what: 'the run is under way' });
        await Promise.all(names.map((each) => kill(faults(), each)));
        await expectSound(faults(), run);
      },
      TEST_MS,
    );

    test(
      'everything at once',
      async () => {
        const run = startRun(faults(), { name: 'all killed', pace: atRate(400), symbols: 60 });
        await until(() => run.answered() >= KILLED_AT, { what: 'the run is under way' });
        const names = faults()
          .system.info()
          .processes.map(({ name }) => name);
        await Promise.all(
          names.filter((name) => name !== 'supervisor').map((name) => kill(faults(), name)),
        );
        await expectSound(faults(), run);
      },
      TEST_MS,
    );

    test(
      'audit consumers in the middle of a dump: the file appears whole, or not at all',
      async () => {
        await fillLog(faults());
        const dump = join(faults().home, 'dumps/testLOG');
        const unfinished = join(faults().home, 'unfinished-dumps');
        rmSync(dump, { force: true });
        rmSync(unfinished, { recursive: true, force: true });
        const run = startRun(faults(), { name: 'killed while dumping', commands: 200 });
        await until(() => existsSync(unfinished) && readdirSync(unfinished).length > 0, {
          what: 'a dump is being written',
        });
        await Promise.all([kill(faults(), 'audit-1'), kill(faults(), 'audit-2')]);
        expect(existsSync(dump)).toBe(false);
        await expectSound(faults(), run);
        expect(existsSync(dump)).toBe(true);
        expect(readdirSync(unfinished)).toEqual([]);
      },
      TEST_MS,
    );
  });
}

/** A log so large that writing it takes a while. Its events belong to no command, and move no money. */
async function fillLog(faults: FaultSystem): Promise<void> {
  await faults.pool.query(
    `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id, message)
     SELECT -i, 0, i, 'debugEvent', 'test', 1, 'nobody', repeat('x', 100)
       FROM generate_series(1, 60000) AS i`,
  );
}
