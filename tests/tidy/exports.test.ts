/** A name that the product exports means one thing, so one search finds everything about it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const files = ['shared', 'consumers', 'producers', 'infra'].flatMap((top) =>
  readdirSync(join(packageRoot, top), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(top, path)),
);

const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|type|interface|enum) (\w+)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;

/** Returns the names that a file exports, each once, even if it is overloaded. */
function exportsIn(text: string): ReadonlySet<string> {
  const declared = [...text.matchAll(DECLARED)].map(([, name = '']) => name);
  const listed = [...text.matchAll(LISTED)].flatMap(([, names = '']) =>
    [...names.matchAll(/(\w+)\s*(?:,|$)/g)].map(([, name = '']) => name),
  );
  return new Set([...declared, ...listed]);
}

/** Each exported name, with the files that export it. */
const exporters = new Map<string, string[]>();
for (const file of files) {
  for (const name of exportsIn(readFileSync(join(packageRoot, file), 'utf8'))) {
    exporters.set(name, [...(exporters.get(name) ?? []), file]);
  }
}

test('exported names are found, however they are exported', () => {
  expect([...exportsIn('export const one = 1;\nexport async function* two() {}\n')]).toEqual([
    'one',
    'two',
  ]);
  expect([...exportsIn("export type { One, Two as Three } from './one.ts';")]).toEqual([
    'One',
    'Three',
  ]);
  expect(exporters.get('retry')).toEqual(['shared/runtime/retry.ts']);
  expect(exporters.size).toBeGreaterThan(1_000);
});

test('no two files export the same name', () => {
  const shared = [...exporters].filter(([, exported]) => exported.length > 1);
  expect(shared).toEqual([]);
});
