/** Sends a workload in parts to a running system, as a user does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestSystem } from '../support/test-system.ts';

/** In the order of its numbers alice can pay for her buys; in the order of its parts she could not. */
const ALICE = '[1] ADD,alice,100.00\n[4] DISPLAY_SUMMARY,alice\n[6] COMMIT_BUY,alice\n';
const BOB = '[2] ADD,bob,50.00\n[3] ADD,bob,25.00\n[5] ADD,alice,0.01\n';

/** Tests a system whose accounts hold no money yet. */
export function describeSplitWorkload(running: () => TestSystem): void {
  let system: TestSystem;
  let alice: string;
  let bob: string;

  beforeAll(() => {
    system = running();
    alice = join(system.home, 'alice.workload');
    bob = join(system.home, 'bob.workload.gz');
    writeFileSync(alice, ALICE);
    writeFileSync(bob, gzipSync(BOB));
  });

  describe('a split workload', () => {
    test('is published as one run; the summary is output, and progress is not', async () => {
      const ran = await system.daytrade(['publish', alice, bob, '--run', 'split']);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.output).toMatch(/^ {2}run +split\n {2}commands +6 in /);
      expect(ran.output).not.toContain('%');
      expect(ran.said).toMatch(/100 % {2}6 of 6 commands/);
      expect(ran.said).not.toContain('total cash');
    });

    test('continues with the same content, also from a pipe', async () => {
      const both = ['workload', '-', alice, '--run', 'split'];
      const ran = await system.daytrade(both, BOB);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.said).toContain('Going on with run split: 6 commands were done before.');
      expect(ran.output).toMatch(/total cash +\$175\.01/);
    });

    test('is another workload without one of its parts', async () => {
      const ran = await system.daytrade(['publish', alice, '--run', 'split']);
      expect(ran).toMatchObject({ exitCode: 64 });
      expect(ran.said).toContain('whose content was another');
    });

    test('with numbers that go backwards is reported once, with the count and the remedy', async () => {
      const lines = Array.from({ length: 2_000 }, (_, index) => `[${index + 1}] ADD,zoe,1`);
      const again = join(system.home, 'again.workload');
      writeFileSync(again, [...lines, ...lines].join('\n'));
      const ran = await system.daytrade(['publish', again]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.output).toMatch(
        /unreadable +2,000\n +2,000 lines +their numbers go backwards: give/,
      );
      expect(ran.output.split('\n').length).toBeLessThan(20);
    });
  });

  describe('input that is no workload', () => {
    test('ends with 65 before anything is started, and the input is named', async () => {
      const noise = Array.from({ length: 999 }, (_, index) => (index * 7_919) % 256);
      const file = join(system.home, 'noise');
      writeFileSync(file, Buffer.from(noise));
      const ran = await system.daytrade(['workload', file], '', { DAYTRADE_HOME: `${file}-none` });
      expect(ran).toMatchObject({ exitCode: 65, output: '' });
      expect(ran.said).toContain(
        `${file} has no line that can be read. It seems to be binary data`,
      );
    });

    test.each([['workload'], ['publish']])('%s of an empty pipe ends with 65', async (command) => {
      const ran = await system.daytrade([command, '-']);
      expect(ran).toMatchObject({ exitCode: 65 });
      expect(ran.said).toContain('standard input is empty');
    });
  });
}
