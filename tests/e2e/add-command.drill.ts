/**
 * A newcomer adds `WITHDRAW,user,amount` by the list of CONTRIBUTING.md, in a copy of the sources. The list is true if
 * the compiler or a test demands each of its places, and nothing else is missing at the end.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import {
  CATALOGUE,
  CONSERVED,
  DECIDE,
  EDITS,
  EVENT,
  EVOLVE,
  LEDGER,
  MODEL,
  REFUSALS,
  WORKLOAD,
} from './add-command-edits.ts';

const FOLDERS = ['consumers', 'docs', 'infra', 'producers', 'shared', 'tests', 'workloads'];
const FILES = ['CONTRIBUTING.md', 'package.json', 'tsconfig.json', 'jest.config.js'];
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'add-command-'));
  for (const name of [...FOLDERS, ...FILES]) {
    cpSync(join(packageRoot, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(packageRoot, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function edit(...paths: readonly string[]): void {
  for (const path of paths) {
    let text = readFileSync(join(copy, path), 'utf8');
    for (const { before, text: inserted } of EDITS[path] ?? []) {
      expect(text).toMatch(before);
      text = text.replace(before, (found) => inserted + found);
    }
    writeFileSync(join(copy, path), text);
  }
}

/** Compiles the copy; returns the files that have errors. */
function compile(...options: readonly string[]): readonly string[] {
  const tsc = join(packageRoot, 'node_modules/@typescript/native/bin/tsc');
  const args = [tsc, '--skipLibCheck', '--pretty', 'false', ...options];
  const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  const files = [...stdout.matchAll(/^([\w./-]+)\(\d+,\d+\): error/gm)].map(
    ([, path = '']) => path,
  );
  return [...new Set(files)].toSorted();
}

/** Runs suites of the compiled copy; returns the sources of those that failed. */
function failing(...suites: readonly string[]): readonly string[] {
  const jest = join(packageRoot, 'node_modules/jest/bin/jest.js');
  const compiled = suites.map((path) => join('dist', path.replace(/\.ts$/, '.js')));
  const args = ['--experimental-vm-modules', jest, '--silent', '--json', '--runTestsByPath'];
  const { stdout } = spawnSync(process.execPath, [...args, ...compiled], {
    cwd: copy,
    encoding: 'utf8',
  });
  const { testResults } = JSON.parse(stdout) as {
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  };
  const failed = testResults.filter(({ status }) => status === 'failed');
  return failed.map(({ name }) => basename(name, '.js')).toSorted();
}

/** The suites that fail while a place is missing, and others that try the new command. */
const DEMANDING = [
  'tests/tidy/command-tables.test.ts',
  'tests/tidy/workloads.test.ts',
  'tests/property/decide.test.ts',
];
const TRYING = ['tests/unit/domain/command-catalogue.test.ts', REFUSALS];

test('the compiler leads from the catalogue to the rules, and from an event to its effects', () => {
  edit(CATALOGUE);
  expect(compile('--noEmit')).toEqual([DECIDE, MODEL, REFUSALS].toSorted());
  edit(DECIDE, MODEL, REFUSALS, EVENT);
  expect(compile('--noEmit')).toEqual([EVOLVE, LEDGER].toSorted());
  edit(EVOLVE, LEDGER);
  expect(compile()).toEqual([]);
}, 600_000);

test('tests demand the other places, and pass with them', () => {
  expect(failing(...DEMANDING)).toEqual(DEMANDING.map((path) => basename(path, '.ts')).toSorted());
  edit(CONSERVED, WORKLOAD);
  expect(compile()).toEqual([]);
  const tables = join(copy, 'dist/tests/tidy/write-command-tables.js');
  expect(spawnSync(process.execPath, [tables]).status).toBe(0);
  expect(failing(...DEMANDING, ...TRYING)).toEqual([]);
}, 600_000);
