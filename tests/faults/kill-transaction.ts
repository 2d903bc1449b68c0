/** Fault 1: `kill -9` of a transaction consumer at each step of its work. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';
import { isPlanted, STEPS } from './support/points.ts';

const TEST_MS = 240_000;
/** So large that a pack with symbols that were not requested yet is decided in parts. */
const PACK = 100;

/** Runs on a system that it shares with the other fault tests. */
export function killTransaction(faults: () => FaultSystem): void {
  describe('a transaction consumer is killed', () => {
    beforeAll(async () => {
      await faults().system.actions.setPoolSize('transaction', 2);
    });

    test.each(STEPS)(
      '%s',
      async (step) => {
        faults().plant(step);
        const run = startRun(faults(), { name: `killed ${step}` });
        await expectSound(faults(), run);
        expect(isPlanted(faults().points, step)).toBe(false);
      },
      TEST_MS,
    );

    test(
      'in the middle of a pack',
      async () => {
        // A pack with symbols that were not requested yet is decided in parts, one for each quote.
        const run = startRun(faults(), {
          name: 'killed mid pack',
          pack: PACK,
          users: 3,
          symbols: 200,
        });
        await until(async () => (await doneInPart(faults(), run.name)) > 0, {
          what: 'a pack is done in part',
        });
        faults().plant('after the commit');
        await expectSound(faults(), run);
        expect(isPlanted(faults().points, 'after the commit')).toBe(false);
      },
      TEST_MS,
    );
  });
}

/** Returns the users of a run whose last pack is decided in part. */
async function doneInPart(faults: FaultSystem, run: string): Promise<number> {
  const { rowCount } = await faults.pool.query(
    'SELECT FROM streams WHERE stream = $1 AND last % $2 > 0',
    [`run:${run}`, PACK],
  );
  return rowCount ?? 0;
}
