/** Backs up and restores a system, as an operator does. The drill `operations` tests more than the suite. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { NO_EDGES } from '../../support/one-each.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';

const TEST_MS = 240_000;

type Printing = 'dump' | 'accounts' | 'backup';
type Unwritable = (
  paths: Readonly<Record<'inFile' | 'file' | 'folder', string>>,
) => readonly string[];

export type BackUpOptions = {
  /** How many lines of the sample the system has run. */
  readonly commands: number;
  /** Commands whose path is standard output. */
  readonly printed: readonly (readonly [Printing, out: string])[];
  /** Commands whose path cannot be written. */
  readonly unwritable: readonly Unwritable[];
};

/** Tests a system of its own. */
export function describeBackUp({ commands, printed, unwritable }: BackUpOptions): void {
  let system: TestSystem;
  let file: string;
  /** The accounts at the time of the backup, and those after it. */
  let accounts: string;
  let later: string;

  const run = async (...args: readonly string[]): Promise<string> =>
    (await succeeded(args, system.daytrade(args))).output;

  beforeAll(async () => {
    system = await openTestSystem({ ...NO_EDGES, SHARDS: '4', ORDER_LIFETIME_S: '3600' });
    file = join(system.home, 'backup');
    await run('publish', beginningOf(commands, system.home));
    await run('verify', '--drained');
    accounts = await run('accounts');
    // The system runs during the backup.
    await run('backup', file);
    await run('send', 'ADD,somebody-new,100.00');
    later = await run('accounts');
    expect(later).not.toBe(accounts);
  }, TEST_MS);

  afterAll(() => system.close(), TEST_MS);

  describe('outputs', () => {
    test.each(printed)(
      '%s to %s is standard output, and the device stays',
      async (command, out) => {
        const device = lstatSync('/dev/stdout').ino;
        const output = await run(command, out);
        if (command === 'dump') expect(output).toMatch(/^<\?xml[^]*<\/log>\n$/);
        if (command === 'accounts') expect(output).toBe(later);
        if (command === 'backup') expect(output.startsWith('PGDMP')).toBe(true);
        expect(lstatSync('/dev/stdout').ino).toBe(device);
      },
      TEST_MS,
    );

    test(
      'a path that cannot be written is reported before the run, in one line',
      async () => {
        for (const argsOf of unwritable) {
          const args = argsOf({ inFile: `${file}/x`, file, folder: system.home });
          const { exitCode, said, output } = await system.daytrade(args);
          expect([args, exitCode, output]).toEqual([args, 73, '']);
          expect(said).toMatch(/^Cannot write [^\n]+\n$/);
        }
      },
      TEST_MS,
    );
  });

  describe('backup and restore', () => {
    test('a running system is not restored', async () => {
      const { exitCode, said } = await system.daytrade(['restore', file, '--yes']);
      expect([exitCode, said]).toEqual([1, expect.stringContaining(`${OWN_COMMAND} down`)]);
    });

    test('without a terminal to ask, --yes is required', async () => {
      await run('down');
      const { exitCode, said } = await system.daytrade(['restore', file]);
      expect([exitCode, said]).toEqual([64, expect.stringContaining('--yes')]);
    });

    test(
      'an incomplete backup changes nothing',
      async () => {
        const cut = `${file}.cut`;
        const whole = readFileSync(file);
        writeFileSync(cut, whole.subarray(0, whole.length * 0.9));
        const { exitCode } = await system.daytrade(['restore', cut, '--yes']);
        expect(exitCode).toBe(1);
        expect(await run('accounts')).toBe(later);
      },
      TEST_MS,
    );

    test(
      'a new machine is filled from the file alone, without a start before it',
      async () => {
        const database = await openTestDatabase();
        const home = join(system.home, 'new');
        const onNew = { DAYTRADE_HOME: home, DATABASE_URL: database.url };
        await succeeded(['restore'], system.daytrade(['restore', file, '--yes'], '', onNew));
        const { output } = await succeeded(['accounts'], system.daytrade(['accounts'], '', onNew));
        expect(output).toBe(accounts);
        await database.close();
      },
      TEST_MS,
    );

    test(
      'the restored data is the backed-up data, and the system continues from it',
      async () => {
        await run('restore', file, '--yes');
        expect(await run('accounts')).toBe(accounts);
        await system.start();
        await run('verify');
        await run('send', 'ADD,somebody-else,100.00');
        await run('verify', '--drained');
        expect(await run('accounts')).toContain('somebody-else');
      },
      TEST_MS,
    );
  });
}

/** Returns the path of a file of the sample's first lines. */
function beginningOf(commands: number, folder: string): string {
  const lines = readFileSync(join(packageRoot, 'workloads/sample.workload'), 'utf8').split('\n');
  const path = join(folder, 'beginning.workload');
  writeFileSync(path, `${lines.slice(0, commands).join('\n')}\n`);
  return path;
}
