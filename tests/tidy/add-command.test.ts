/** The list of CONTRIBUTING.md against the sources. `npm run drill -- add-command` adds a command by it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { EDITS } from '../e2e/add-command-edits.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

test('the list names each file to edit, and nothing more', () => {
  const [, section = ''] = read('CONTRIBUTING.md').split('\n## To add a command, file by file\n');
  const [list = ''] = section.split('\n## ');
  const named = [...list.matchAll(/^\d+\. `([\w./-]+)`/gm)].map(([, path = '']) => path);
  expect(named).toEqual(Object.keys(EDITS));
});

test.each(Object.entries(EDITS))('%s has the place that each edit needs', (path, insertions) => {
  for (const { before } of insertions) expect(read(path)).toMatch(before);
});
