/** A replicated system loses its busiest broker and its primary under load. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allProcesses, openFilesBelow } from '../support/process-secrets.ts';
import { expectNothingLost } from './check-accounts.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { openUnderLoad, type UnderLoad } from './under-load.ts';

/** Longer than the system may take to start, its members to be whole, and all of them to stop. */
const START_MS = 480_000;
const FAULT_MS = 240_000;
/** About forty seconds of load: it lasts through both faults, and leaves two cores room to fail over. */
const LOAD = { commands: 1_200, rate: 30, probeEveryMs: 500 };

/** The two losses that matter most; `npm run drill -- replicated` has all of them. */
const FAULTS = REPLICATED_FAULTS.filter(({ name }) =>
  /leads most shards|of the database primary/.test(name),
);

describe('a replicated system under load', () => {
  let drilled: UnderLoad;

  beforeAll(async () => {
    drilled = await openUnderLoad(LOAD);
  }, START_MS);
  // It is undefined if the start failed, which has stopped everything by itself.
  afterAll(() => (drilled as UnderLoad | undefined)?.close(), START_MS);

  test('is struck by the two losses that matter most', () => {
    expect(FAULTS).toHaveLength(2);
  });

  test('has its secrets on no command line and in no file that others can read', async () => {
    const { system } = drilled;
    const { home } = system;
    const { password, replicationPassword, cookie } = JSON.parse(
      readFileSync(join(home, 'replicated.json'), 'utf8'),
    ) as Readonly<Record<string, string>>;
    const secrets = [password, replicationPassword, cookie].map((secret) => secret ?? 'none');
    const exposed = allProcesses().filter(({ cmdline }) =>
      secrets.some((secret) => cmdline.includes(secret)),
    );
    expect(exposed.map(({ cmdline }) => cmdline)).toEqual([]);
    const databases = (await system.info()).machines.map(({ databaseFolder }) => databaseFolder);
    // The test made that one.
    const own = join(home, 'load.workload');
    const open = [home, ...databases].flatMap(openFilesBelow).filter((path) => path !== own);
    expect(open).toEqual([]);
  });

  test.each(FAULTS)('serves again after $name', (fault) => drilled.strike(fault), FAULT_MS);

  test(
    'has lost nothing and done nothing twice at the end',
    () => expectNothingLost(drilled),
    FAULT_MS,
  );
});
