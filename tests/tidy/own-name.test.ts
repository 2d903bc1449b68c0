/** Nothing that a person may type asks a registry for a package that a stranger could own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

const FOLDERS = ['consumers', 'docs', 'infra', 'producers', 'shared', 'tests', 'workloads'];

const files = [
  ...readdirSync(packageRoot),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  ),
].filter((path) => /\.(md|tsx?|mjs|yml|service|json)$|Dockerfile$/.test(path));

test('no file calls `npx` where it may install', () => {
  const bare = files.filter((path) => /\bnpx (?!--no-install )\w/.test(read(path)));
  expect(bare).toEqual([]);
});

test('the package has a scope, and is never published', () => {
  const { name, private: isPrivate } = JSON.parse(read('package.json')) as Record<string, unknown>;
  expect(name).toMatch(/^@[\w-]+\//);
  expect(isPrivate).toBe(true);
});
