/** Runs more whole files than `npm test` does, and one with another number of commands per message. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { sameAccounts } from '../model/same-accounts.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { CHEAP, describeRun, FIXED, given, modelOf, ours, RUN_MS } from './workloads-check.ts';
import { runWorkloadFile } from './workloads-run.ts';

const TEN_USERS = given('10userWorkLoad');

const FILES = [
  { name: 'the given everyCommand', path: given('everyCommand'), quoteServerFlags: CHEAP },
  { name: 'the given 1userWorkLoad', path: given('1userWorkLoad'), quoteServerFlags: CHEAP },
  { name: 'our every-command', path: ours('every-command'), quoteServerFlags: FIXED },
];

let runs: RunFolder;
beforeAll(async () => {
  runs = await openRunFolder();
});
afterAll(() => runs.close());

for (const { name, path, quoteServerFlags } of FILES) {
  describeRun({ name, path }, async () => ({
    ran: await runWorkloadFile(path, { ...runs, quoteServerFlags }),
    home: runs.folder,
  }));
}

/** Skipped where ../shared is not beside the checkout. */
(existsSync(TEN_USERS) ? test : test.skip)(
  'the workload of ten users comes out as the contract gives it with one command in each message',
  async () => {
    const ran = await runWorkloadFile(TEN_USERS, { ...runs, pack: 1, quoteServerFlags: FIXED });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(sameAccounts(ran.accounts(), modelOf(TEN_USERS, await ran.events()), 0)).toBe('');
  },
  RUN_MS,
);
