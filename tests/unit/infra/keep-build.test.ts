import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

type Setup = {
  readonly keptBuild: (root: string) => string | undefined;
  readonly keepBuild: (root: string, bundlePrograms: (folder: string) => void) => Promise<void>;
};
const load = async (name: string): Promise<Setup> =>
  (await import(join(packageRoot, 'infra/setup', name))) as Setup;
const { keptBuild } = await load('build-state.mjs');
const { keepBuild } = await load('keep-build.mjs');

let root: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'daytrade-build-'));
  running = undefined;
});

afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Makes a finished build with that content. */
async function build(content: string): Promise<string> {
  const page = join(root, 'dist/web-client/index.html');
  for (const bundle of ['web-client', 'report-script']) {
    mkdirSync(join(root, 'dist', bundle), { recursive: true });
  }
  writeFileSync(page, content);
  writeFileSync(join(root, 'dist/.fingerprint'), content);
  writeFileSync(join(root, 'dist/.fingerprint-web-client'), content);
  await keepBuild(root, bundlePrograms);
  return keptBuild(root) ?? '';
}

const bundlePrograms = (folder: string): void => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.js'), 'setInterval(() => undefined, 1_000);');
};

const keptOnes = (): readonly string[] =>
  readdirSync(root).filter((name) => name.startsWith('.dist-'));

test('a kept build stays the same after another build, and after dist is empty', async () => {
  const first = await build('one');
  const second = await build('two');
  expect(second).not.toBe(first);
  rmSync(join(root, 'dist'), { recursive: true });
  expect(keptBuild(root)).toBeUndefined();
  const contents = [first, second].map((kept) =>
    readFileSync(join(kept, 'web-client/index.html'), 'utf8'),
  );
  expect(contents).toEqual(['one', 'two']);
});

test('an unfinished build is not kept', async () => {
  await build('one');
  rmSync(join(root, 'dist/.fingerprint-web-client'));
  await keepBuild(root, bundlePrograms);
  expect([keptBuild(root), keptOnes()]).toEqual([undefined, [expect.stringMatching(/^\.dist-/)]]);
});

test('old builds are removed, except three and those from which a process runs', async () => {
  const used = await build('used');
  running = spawn(process.execPath, [join(used, 'main.js')], { stdio: 'ignore' });
  for (const content of ['two', 'three', 'four']) await build(content);
  const newest = await build('five');
  expect(existsSync(used)).toBe(true);
  expect(existsSync(newest)).toBe(true);
  expect(keptOnes()).toHaveLength(4);
});
