/** Whole files, run as a user runs them. `npm run drill -- workloads` has more of them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { leftProcessesOf } from '../../infra/services/private/left-behind.ts';
import { spawnDaytrade } from '../support/spawn-daytrade.ts';
import { openOddCheckout, type OddCheckout } from './odd-checkout.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { describeRun, FIXED, given, ours } from './workloads-check.ts';
import { runWorkloadFile } from './workloads-run.ts';

const TEN_USERS = given('10userWorkLoad');

let runs: RunFolder;
beforeAll(async () => {
  runs = await openRunFolder();
});
afterAll(() => runs.close());

describeRun({ name: 'our bad-lines', path: ours('bad-lines') }, async () => ({
  ran: await runWorkloadFile(ours('bad-lines'), { ...runs, quoteServerFlags: FIXED }),
  home: runs.folder,
}));

describeRun(
  { name: 'the given 10userWorkLoad, with a slow quote server', path: TEN_USERS },
  async () => ({
    // Quotes live as long as in production, so a shorter run needs each quote once.
    ran: await runWorkloadFile(TEN_USERS, {
      ...runs,
      quoteServerFlags: '--seed 7',
      quoteLifetimeS: '60',
    }),
    home: runs.folder,
  }),
  (ran) => {
    if (!existsSync(TEN_USERS)) return;
    test('takes seconds even if the quote server is slow', () => {
      expect(ran().report().seconds).toBeLessThan(30);
    });
  },
);

/** Runs with private services and from any checkout, as the first command of a new user does. */
describe('below an odd path, with odd settings', () => {
  let checkout: OddCheckout;
  beforeAll(() => {
    checkout = openOddCheckout();
  });
  afterAll(() => checkout.close());

  describeRun(
    { name: 'our sample, with services of its own', path: ours('sample') },
    async () => {
      const { root, program } = checkout;
      const file = join(root, 'odd #1.workload');
      copyFileSync(ours('sample'), file);
      const interrupted = spawnDaytrade(['workload', file], checkout.environment, program);
      await interrupted.until('Starting RabbitMQ');
      interrupted.kill('SIGTERM');
      expect([await interrupted.ended, leftProcessesOf(checkout.home)]).toEqual([130, []]);
      const ran = await runWorkloadFile(file, {
        folder: root,
        program,
        environment: checkout.environment,
        quoteServerFlags: FIXED,
      });
      return { ran, home: checkout.home };
    },
    (ran) => {
      test('stops what it started, and names no web pages', () => {
        expect(ran().output).toContain('2,000 of 2,000 commands');
        expect(ran().output).toContain('stops now');
        expect(ran().output).not.toContain('management UI');
        expect(leftProcessesOf(checkout.home)).toEqual([]);
      });
    },
  );
});
