/** The refusals of the web are those that docs/WEB.md explains. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { PROBLEMS } from '../../shared/web-api/problem.ts';

test('each code is in the table with its status, and no other is', () => {
  const text = readFileSync(join(packageRoot, 'docs/WEB.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(
    ([, code, status]) => `${code ?? ''} ${status ?? ''}`,
  );
  const known = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`);
  expect(rows).toEqual(known);
});
