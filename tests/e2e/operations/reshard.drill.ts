/**
 * Changes the number of shards between two halves of a workload, and while commands wait.
 * `reshard.test.ts` does it on a system that never ran.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { AuditEvent } from '../../model/audit-xml.ts';
import { commandNumbersIn } from '../../model/read-log.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';
import { readEvents } from '../workloads-run.ts';
import {
  AFTER,
  differences,
  expectNotResharded,
  fileOf,
  part,
  refuseOtherNumber,
  reshardWaiting,
  run,
  SETTINGS,
  TEST_MS,
} from './reshard-waiting.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await openTestSystem(SETTINGS);
}, TEST_MS);
afterAll(() => system.close(), TEST_MS);

async function loggedEvents(): Promise<readonly AuditEvent[]> {
  const path = join(system.home, 'log.xml');
  await run(system, 'dump', path);
  return await readEvents(path);
}

test(
  'a running system is not resharded',
  async () => {
    await run(system, 'publish', fileOf(system, 'first', part(0, 800)));
    await expectNotResharded(system);
    await run(system, 'down');
  },
  TEST_MS,
);

reshardWaiting(() => system, 800, 1_200);

test(
  'the workload continues in the new shards, with accounts and order as in one run',
  async () => {
    await system.start();
    expect((await system.info()).shards).toBe(AFTER);
    await run(system, 'publish', fileOf(system, 'second', part(1_200)));
    await run(system, 'verify', '--drained');
    expect(await differences(system, part(0))).toBe('');
    const events = await loggedEvents();
    for (const user of new Set(events.flatMap(({ fields }) => fields.get('username') ?? []))) {
      const numbers = commandNumbersIn(events, user);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
    await run(system, 'down');
  },
  TEST_MS,
);

refuseOtherNumber(() => system);
