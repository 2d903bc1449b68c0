import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { isForeign } from '../../../shared/runtime/foreign-environment.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

test.each([
  'PGSSLMODE',
  'PGHOST',
  'PGPORT',
  'PGOPTIONS',
  'PGPASSFILE',
  'PGSERVICE',
  'NODE_OPTIONS',
])('%s is not ours', (name) => {
  expect(isForeign(name)).toBe(true);
});

test.each(['DATABASE_URL', 'PATH', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'OTEL_TRACES_SAMPLER'])(
  '%s is kept',
  (name) => {
    expect(isForeign(name)).toBe(false);
  },
);

test('the import removes the variables of others', () => {
  const module = pathToFileURL(
    join(packageRoot, 'dist/shared/runtime/foreign-environment.js'),
  ).href;
  const program = `import('${module}').then(() => console.log(Object.keys(process.env).sort().join()))`;
  const env = {
    PATH: process.env['PATH'],
    PGSSLMODE: 'require',
    PGHOST: 'nowhere',
    TRACES: 'file',
  };
  const { stdout } = spawnSync(process.execPath, ['-e', program], { env, encoding: 'utf8' });
  expect(stdout.trim()).toBe('PATH,TRACES');
});
