/** Fault 5: the disk of the database is full for a while. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { expectSound } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';
import type { SmallDisk } from './support/small-disk.ts';
import { slowRun } from './support/under-way.ts';

const TEST_MS = 240_000;
const FULL_MAX_MS = 30_000;
const COMMANDS = 1_500;

const saysSo = ({ home }: FaultSystem): boolean =>
  ['transaction-1', 'transaction-2'].some((name) =>
    /No space left.*"batch held"/.test(readFileSync(join(home, 'logs', `${name}.log`), 'utf8')),
  );

/** Runs on a system whose private database is on that disk. */
export function fillDisk(
  faults: () => FaultSystem,
  { disk, isMounted }: { readonly disk: () => SmallDisk; readonly isMounted: boolean },
): void {
  (isMounted ? describe : describe.skip)(
    'a disk that fills up under the database (skipped where no tmpfs can be mounted)',
    () => {
      test(
        'holds batches back, says so, and costs nothing once there is room',
        async () => {
          const run = await slowRun(faults(), { name: 'disk full', commands: COMMANDS, rate: 200 });
          disk().fill();
          try {
            await until(() => saysSo(faults()), {
              what: 'a batch is held for want of room',
              timeoutMs: FULL_MAX_MS,
            });
            expect(run.answered()).toBeLessThan(COMMANDS);
          } finally {
            disk().free();
          }
          run.hurry();
          await expectSound(faults(), run);
        },
        TEST_MS,
      );
    },
  );
}
