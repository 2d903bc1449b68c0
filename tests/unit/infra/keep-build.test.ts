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

type KeepBuild = {
  readonly keptBuild: (root: string) => string | undefined;
  readonly keepBuild: (root: string) => void;
};
const { keepBuild, keptBuild } = (await import(
  join(packageRoot, 'infra/setup/keep-build.mjs')
)) as KeepBuild;

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

/** A finished build with that content. */
function build(content: string): string {
  const page = join(root, 'dist/web-client/index.html');
  mkdirSync(join(page, '..'), { recursive: true });
  writeFileSync(page, content);
  writeFileSync(join(root, 'dist/.fingerprint'), content);
  writeFileSync(join(root, 'dist/.fingerprint-web-client'), content);
  keepBuild(root);
  return keptBuild(root) ?? '';
}

const keptOnes = (): readonly string[] =>
  readdirSync(root).filter((name) => name.startsWith('.dist-'));

test('a build that was kept is the same after another build, and after none is left in dist', () => {
  const first = build('one');
  const second = build('two');
  expect(second).not.toBe(first);
  rmSync(join(root, 'dist'), { recursive: true });
  expect(keptBuild(root)).toBeUndefined();
  const contents = [first, second].map((kept) =>
    readFileSync(join(kept, 'web-client/index.html'), 'utf8'),
  );
  expect(contents).toEqual(['one', 'two']);
});

test('an unfinished build is not kept', () => {
  build('one');
  rmSync(join(root, 'dist/.fingerprint-web-client'));
  keepBuild(root);
  expect([keptBuild(root), keptOnes()]).toEqual([undefined, [expect.stringMatching(/^\.dist-/)]]);
});

test('old builds are removed, but for three and for those that a process runs from', () => {
  const used = build('used');
  const main = join(used, 'main.js');
  writeFileSync(main, 'setInterval(() => undefined, 1_000);');
  running = spawn(process.execPath, [main], { stdio: 'ignore' });
  const later = ['two', 'three', 'four', 'five'].map(build);
  expect(existsSync(used)).toBe(true);
  expect(existsSync(later.at(-1) ?? '')).toBe(true);
  expect(keptOnes()).toHaveLength(4);
});
