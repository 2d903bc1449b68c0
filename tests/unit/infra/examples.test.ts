/** Every command has an example in its help, and every example is a command line that the program accepts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { argumentsOf } from '../../../infra/cli/examples.ts';
import { openProgram } from '../../../infra/cli/program.ts';
import { markDataFolder } from '../../../infra/supervisor/data-folder.ts';
import { leafCommands } from '../../support/leaf-commands.ts';

/** The other program whose flags the stand-in for the quote server parses itself. */
const OTHER = 'quote-server';

const program = await openProgram();

/** A data folder, because commands that start nothing ask for one before they begin. */
const home = mkdtempSync(join(tmpdir(), 'daytrade-examples-'));
const before = process.env['DAYTRADE_HOME'];

beforeAll(() => {
  markDataFolder(home);
  process.env['DAYTRADE_HOME'] = home;
});

afterAll(() => {
  if (before === undefined) delete process.env['DAYTRADE_HOME'];
  else process.env['DAYTRADE_HOME'] = before;
  rmSync(home, { recursive: true, force: true });
});

/** Returns every command that does something, by the words that call it. */
const leaves = (from: Command): readonly (readonly [string, Command])[] =>
  leafCommands(from).map(({ path, command }) => [path.join(' '), command] as const);

/** Returns the command lines of the examples in a help. */
function examplesIn(command: Command): readonly string[] {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const [, examples = ''] = help.split(/\nExamples?:\n/);
  return examples.split('\n').filter((line) => line.startsWith('    '));
}

const commands = leaves(program).filter(([path]) => path !== OTHER);

test.each(commands)('the help of %s has examples that call it', async (path, command) => {
  const examples = examplesIn(command);
  expect(examples).not.toEqual([]);
  for (const example of examples) {
    const called: string[] = [];
    const fresh = await openProgram();
    for (const [name, each] of leaves(fresh)) each.action(() => void called.push(name));
    const typed = example.replaceAll(/node \S+daytrade\.mjs/g, 'daytrade');
    await fresh.parseAsync([...argumentsOf(typed)], { from: 'user' });
    expect(called).toEqual([path]);
  }
});
