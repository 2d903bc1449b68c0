/** Commands in documents name only what exists: subcommands, options, scripts, files and variables. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { openProgram } from '../../infra/cli/program.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { findCommands, readDocument } from '../support/document-commands.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'workloads/README.md'],
  ...readdirSync(join(packageRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const settings = new Set(read('docs/CONFIGURATION.md').match(/(?<=^\| .*`)[A-Z][A-Z0-9_]+(?=`)/gm));

const program = await openProgram();

/** Variables of other programs that a document sets. */
const FOREIGN = ['NODE_ENV', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'SEED'];

/** Commands between backquotes, and in the blocks that a reader types. */
function commandsIn(document: string): readonly string[] {
  const text = read(document);
  const prose = text.replaceAll(/^ *```[^]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) =>
    span.replaceAll('\n', ' '),
  );
  const typed = spans.filter((span) => /^(?:[A-Z_]+=\S+ )*(?:daytrade|npm|node) /.test(span));
  return [...typed, ...findCommands(text).map((found) => found.text)];
}

/** The arguments of each call of `daytrade` in a command; `-V daytrade` names a virtual host. */
const callsIn = (text: string): readonly (readonly string[])[] =>
  [
    ...text.matchAll(/(?<=^|[\s(|;&])(?<!-V )(?:daytrade|daytrade\.mjs)((?: +[^|;&()#\n\\]*)?)/g),
  ].map(([, rest = '']) => rest.match(/'[^']*'|"[^"]*"|\S+/g) ?? []);

function unknownIn(args: readonly string[]): readonly string[] {
  let command: Command = program;
  const unknown: string[] = [];
  for (const word of args) {
    const below = command.commands.find((each) => each.name() === word);
    if (below !== undefined) command = below;
    else if (command === program && /^[a-z]/.test(word)) unknown.push(word);
    else if (word.startsWith('-') && word !== '-' && !hasOption(command, word)) unknown.push(word);
  }
  return unknown;
}

function hasOption(command: Command, word: string): boolean {
  const flag = word.split('=')[0] ?? word;
  if (['--help', '--version'].includes(flag)) return true;
  return command.options.some(({ long, short }) => flag === long || flag === short);
}

describe.each(documents)('%s', (document) => {
  const commands = commandsIn(document);

  test('calls only commands and options that exist', () => {
    const unknown = commands.flatMap((text) =>
      callsIn(text).flatMap((args) => unknownIn(args).map((word) => `${word} in ${text}`)),
    );
    expect(unknown).toEqual([]);
  });

  test('runs only scripts that exist', () => {
    const named = commands.flatMap((text) => [...text.matchAll(/npm run ([\w:-]+)/g)]);
    expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names only files that exist', () => {
    const pattern = /(?<![\w/.-])((?:consumers|infra|producers|shared|tests|workloads)\/[\w./-]+)/g;
    const named = commands.flatMap((text) => [...text.matchAll(pattern)]);
    const missing = named.filter(([path]) => !existsSync(join(packageRoot, path)));
    expect(missing.map(([path]) => path)).toEqual([]);
  });

  test('sets only variables that are read', () => {
    const all = commands.join('\n');
    const set = [...all.matchAll(/(?<=^|[\s(])(?<!scale )([A-Z][A-Z0-9_]+)=/gm)].map(
      ([, name = '']) => name,
    );
    const isUsed = (name: string): boolean => new RegExp(`\\$\\{?${name}\\b`).test(all);
    const unknown = set.filter(
      (name) => !settings.has(name) && !FOREIGN.includes(name) && !isUsed(name),
    );
    expect(unknown).toEqual([]);
  });
});

test('a block without a language is refused, and commands are found as a shell gets them', () => {
  expect(() => findCommands('```\nls\n```')).toThrow('line 1');
  const text = '```sh\na \\\n  b\nc # why\n```\n```console\n$ d\nout 1\n```\n```json\n{}\n```';
  expect(findCommands(text)).toEqual([
    { text: 'a \\\n  b', line: 2, shown: [] },
    { text: 'c # why', line: 4, shown: [] },
    { text: 'd', line: 7, shown: ['out 1'] },
  ]);
  expect(findCommands('- x\n  ```sh\n  f\n  ```')).toEqual([{ text: 'f', line: 3, shown: [] }]);
  expect(findCommands('```crontab\nA=1\n0 4 2 * *  e +\\%Y\n```')).toEqual([
    { text: '(export A=1; e +%Y)', line: 3, shown: [] },
  ]);
  expect(readDocument('README.md').length).toBeGreaterThan(3);
});
