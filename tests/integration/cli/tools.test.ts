/** Each tool that `npm run` starts has help, and refuses unknown arguments before it does anything. */
import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { plainEnvironment } from '../../support/run-daytrade.ts';

const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
/** These run other programs (the linter, the formatter) or several scripts in a row. */
const FOREIGN = ['lint', 'format', 'check'];
const tools = Object.keys(scripts).filter((name) => !FOREIGN.includes(name));

/** Runs the last command of a script. The commands before it only build. */
async function run(
  name: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly text: string }> {
  const command = scripts[name]?.split(' && ').at(-1) ?? '';
  const words = [...command.split(' ').slice(1), ...args];
  const child = spawn(process.execPath, words, { cwd: packageRoot, env: plainEnvironment() });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => void (text += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (text += piece.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, text };
}

test.each(tools)(
  'npm run %s -- --help shows its usage',
  async (name) => {
    const { exitCode, text } = await run(name, ['--help']);
    expect([exitCode, text]).toEqual([0, expect.stringMatching(/^Usage: /)]);
  },
  60_000,
);

test.each(tools)(
  'npm run %s refuses an option that it does not know',
  async (name) => {
    const { exitCode, text } = await run(name, ['--no-such-option']);
    expect([exitCode, text]).toEqual([64, expect.stringContaining('--no-such-option')]);
  },
  60_000,
);

test.each([
  ['bench', '--only', 'nosuch'],
  ['failover', '1', 'nosuch'],
  ['failover', 'often'],
  ['fuzz', '--inputs', 'many'],
  ['gap', '0'],
  ['simulate', '--seeds', '-1'],
  ['simulate', '--planted', 'nosuch'],
  ['screenshots', 'one', 'two'],
])(
  'npm run %s refuses %s %s',
  async (name, ...args) => {
    const { exitCode, text } = await run(name, args);
    expect([exitCode, text]).toEqual([64, expect.not.stringMatching(/^\s+at /m)]);
  },
  60_000,
);
