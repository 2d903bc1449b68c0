/** The packages that run in production have licences that allow every use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const PERMISSIVE = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'],
  '(MIT AND Zlib)',
]);

type Locked = { readonly dev?: boolean; readonly license?: string };

/** The packages in the scripts for browsers. */
const BUNDLED = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  'lightweight-charts',
  'fancy-canvas',
];

test('every package that is shipped has a permissive licence', () => {
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const bundled = BUNDLED.map((name) => `node_modules/${name}`);
  expect(bundled.filter((path) => !(path in lock.packages))).toEqual([]);
  const shipped = Object.entries(lock.packages).filter(
    ([path, { dev }]) => dev !== true || bundled.includes(path),
  );
  expect(shipped.length).toBeGreaterThan(100);
  const others = shipped.filter(([, { license }]) => !PERMISSIVE.has(license ?? 'none'));
  expect(others).toEqual([]);
});
