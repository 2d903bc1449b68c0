/** Imports follow the table of docs/ARCHITECTURE.md, and never form a cycle. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { cyclesIn, importsIn, type Graph } from '../support/imports.ts';

const PRODUCT = ['shared', 'consumers', 'producers', 'infra'];

const files = PRODUCT.flatMap((top) =>
  readdirSync(join(packageRoot, top), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(top, path)),
);

const imports: Graph = new Map(
  files.map((file) => [file, importsIn(file, readFileSync(join(packageRoot, file), 'utf8'))]),
);

/** Folders, each with those that its files import from. */
const folders = new Map<string, Set<string>>();
for (const [file, imported] of imports) {
  const from = dirname(file);
  const known = folders.get(from) ?? new Set();
  folders.set(from, known);
  for (const target of imported) if (dirname(target) !== from) known.add(dirname(target));
}

type Row = { readonly folders: readonly string[]; readonly allowed: readonly string[] };

const namesIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const [, section = ''] = readFileSync(join(packageRoot, 'docs/ARCHITECTURE.md'), 'utf8').split(
  '\n## Which folder may import which\n',
);
const rows: readonly Row[] = [...section.matchAll(/^\| (`[^|]+) \| ([^|]+) \|$/gm)].map(
  ([, named = '', allowed = '']) => ({ folders: namesIn(named), allowed: namesIn(allowed) }),
);

/** A name of the table is a folder, a file, or `folder/*` for every folder directly in it. */
const covers = (name: string, path: string): boolean =>
  name === path ||
  name === dirname(path) ||
  (name.endsWith('/*') && name.slice(0, -2) === dirname(dirname(path)));

describe('imports', () => {
  test('are found', () => {
    expect(rows.length).toBeGreaterThan(10);
    expect(files.length).toBeGreaterThan(300);
    expect(imports.get('shared/amqp/link.ts')).toContain('shared/runtime/logger.ts');
  });

  test('lead to files of the product, never to a test', () => {
    const outside = [...imports].flatMap(([file, imported]) =>
      imported
        .filter((target) => !PRODUCT.some((top) => target.startsWith(`${top}/`)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(outside).toEqual([]);
  });

  test('form no cycle of files, by types either', () => {
    expect(cyclesIn(imports)).toEqual([]);
  });

  test('form no cycle of folders', () => {
    expect(cyclesIn(new Map([...folders].map(([name, used]) => [name, [...used]])))).toEqual([]);
  });
});

describe('the table of docs/ARCHITECTURE.md', () => {
  test('has one row for each folder', () => {
    const listed = rows.flatMap((row) => row.folders);
    expect(listed.toSorted()).toEqual([...folders.keys()].sort());
    expect(listed.filter((folder) => !existsSync(join(packageRoot, folder)))).toEqual([]);
  });

  test.each(rows)('names rows above $folders only', ({ folders: [first = ''], allowed }) => {
    const above = rows
      .slice(
        0,
        rows.findIndex((row) => row.folders.includes(first)),
      )
      .flatMap((row) => row.folders);
    const unknown = allowed.filter(
      (name) =>
        !above.some(
          (folder) => name === folder || covers(name, `${folder}/any`) || dirname(name) === folder,
        ),
    );
    expect(unknown).toEqual([]);
  });

  test.each(rows)('allows the imports of $folders', ({ folders: listed, allowed }) => {
    const broken = [...imports]
      .filter(([file]) => listed.includes(dirname(file)))
      .flatMap(([file, imported]) =>
        imported
          .filter((target) => dirname(target) !== dirname(file))
          .filter((target) => !allowed.some((name) => covers(name, target)))
          .map((target) => `${file} imports ${target}`),
      );
    expect(broken).toEqual([]);
  });
});
