import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openFileLogger } from '../../../shared/runtime/logger.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'daytrade-logger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a debug line that is not kept costs nothing', async () => {
  const file = join(folder, 'one.log');
  const log = openFileLogger('one', { level: 'info', file });
  let made = 0;
  const fieldsOf = (): { readonly made: number } => ({ made: (made += 1) });

  log.debug('dropped', fieldsOf);
  log.setLevel('debug');
  log.debug('kept', fieldsOf);

  await until(() => readFileSync(file, 'utf8').includes('kept'), { what: 'the line is kept' });
  expect(made).toBe(1);
  expect(readFileSync(file, 'utf8')).toContain('"made":1');
  expect(readFileSync(file, 'utf8')).not.toContain('dropped');
});
