/** Commands that start nothing find a data folder, or say which one they looked for. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataFolder } from '../../../infra/cli/data-folder.ts';
import { exitCodeOf } from '../../../infra/cli/exit-code.ts';
import { withDatabase } from '../../../infra/cli/open-database.ts';
import { openProgram } from '../../../infra/cli/program.ts';
import { leafCommands } from '../../support/leaf-commands.ts';

const NEED_NONE = [
  ...['up', 'demo', 'workload', 'chaos', 'restore'],
  ...['doctor', 'capacity', 'definitions', 'generate', 'completion', 'quote-server', 'check'],
];
/** The arguments that a command needs before it looks for a data folder. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  archive: ['--before', '2026-01'],
  'log-level': ['info'],
  reshard: ['3'],
  scale: ['transaction=2'],
};

type Leaf = { readonly path: readonly string[]; readonly takes: number };

const program = await openProgram();
const commands: readonly Leaf[] = leafCommands(program)
  .filter(({ path: [name = ''] }) => !NEED_NONE.includes(name))
  .map(({ path, command }) => ({ path, takes: command.registeredArguments.length }));
const named = commands.map((leaf) => [leaf.path.join(' '), leaf] as const);

let folder: string;
const before = process.env['DAYTRADE_HOME'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-missing-'));
});

afterEach(() => {
  if (before === undefined) delete process.env['DAYTRADE_HOME'];
  else process.env['DAYTRADE_HOME'] = before;
  rmSync(folder, { recursive: true, force: true });
});

async function faultOf({ path, takes }: Leaf, home: string): Promise<unknown> {
  process.env['DAYTRADE_HOME'] = home;
  const [name = ''] = path;
  const args = ARGUMENTS[name] ?? Array.from({ length: takes }, () => 'some-argument');
  const isYes = ['reset', 'uninstall'].includes(name) ? ['--yes'] : [];
  return await program
    .parseAsync(['node', 'daytrade', ...path, ...args, ...isYes])
    .then(() => undefined)
    .catch((error: unknown) => error);
}

describe('a command that starts nothing', () => {
  test('there are some', () => expect(commands.length).toBeGreaterThan(20));

  test.each(named)(
    '%s names the folder that it looked for, and makes none',
    async (_name, leaf) => {
      const home = join(folder, 'never/made');
      const fault = await faultOf(leaf, home);
      expect([String(fault), exitCodeOf(fault)]).toEqual([expect.stringContaining(home), 66]);
      expect(existsSync(join(folder, 'never'))).toBe(false);
    },
  );

  test.each(named)('%s leaves a folder of other things alone', async (_name, leaf) => {
    mkdirSync(join(folder, 'rabbitmq'));
    const fault = await faultOf(leaf, folder);
    expect([String(fault), exitCodeOf(fault)]).toEqual([expect.stringContaining(folder), 66]);
    expect(readdirSync(folder)).toEqual(['rabbitmq']);
  });
});

test.each([
  ['a file that is missing', ['no-such-file']],
  ['--to', ['--to', '2026-01-01T00:00:00Z']],
])('restore with %s makes no data folder', async (_what, args) => {
  const home = join(folder, 'never/made');
  process.env['DAYTRADE_HOME'] = home;
  const restoring = program.parseAsync(['node', 'daytrade', 'restore', ...args, '--yes']);
  expect(exitCodeOf(await restoring.catch((error: unknown) => error))).toBe(66);
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test('a file in the place of the data folder is reported as a file', () => {
  expect(() => makeDataFolder('/dev/null')).toThrow(/\/dev\/null is not a folder\nGive another/);
});

test('a data folder whose database is gone gets no new one from those that read it', async () => {
  writeFileSync(join(folder, 'postgresql.json'), '{"id":"0123456789abcdef"}');
  process.env['DAYTRADE_HOME'] = folder;
  const fault = await withDatabase('verify', () => Promise.resolve()).catch((e: unknown) => e);
  expect([String(fault), exitCodeOf(fault)]).toEqual([
    expect.stringContaining('nothing was ever stored'),
    66,
  ]);
  expect(existsSync(join(folder, 'postgresql'))).toBe(false);
});
