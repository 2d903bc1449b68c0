/** Fault 5: the database commits, and the transaction consumer does not learn of it. */
import { describe, test } from '@jest/globals';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';
import type { LossyProxy } from './support/lossy-proxy.ts';

const TEST_MS = 240_000;
const RATE = 400;
const LOST = 3;

/** Runs on a system shared with other fault tests, whose transaction consumers use the proxy. */
export function loseCommits(system: () => FaultSystem, proxy: () => LossyProxy): void {
  describe('a database', () => {
    test(
      'that loses its answers to commits: nothing is done twice',
      async () => {
        const run = startRun(system(), {
          name: 'commit answers lost',
          pace: atRate(RATE),
          symbols: 60,
        });
        await until(() => run.answered() >= 100, { what: 'the run is under way' });
        const before = proxy().lost();
        proxy().loseCommits(LOST);
        await until(() => proxy().lost() === before + LOST, { what: 'the answers are lost' });
        await expectSound(system(), run);
      },
      TEST_MS,
    );
  });
}
