/** The bench runs a tiny workload, compares it with the limit and writes its reports. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDeleted } from '../../../infra/services/private/postgres-data.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import type { Report } from '../../bench/report.ts';

const LONGEST_MS = 120_000;
const BENCH = join(packageRoot, 'dist/tests/bench/main.js');

let home: string;
let ran: SpawnSyncReturns<string>;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-bench-'));
  const env = { ...process.env, DAYTRADE_HOME: home, INIT_CWD: '' };
  ran = spawnSync(process.execPath, ['--enable-source-maps', BENCH, '--tiny'], {
    env,
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
}, LONGEST_MS);

afterAll(() => {
  removeDeleted(join(home, 'bench/data'));
  rmSync(home, { recursive: true, force: true });
});

const file = (name: string): string => readFileSync(join(home, 'bench', name), 'utf8');

test('a bench ends well and prints its tables', () => {
  expect({ status: ran.status, error: ran.status === 0 ? '' : ran.stderr }).toEqual({
    status: 0,
    error: '',
  });
  expect(ran.stdout).toContain('Beside the limit');
});

test('the report has every command, a clean verification and a limit', () => {
  const { limited } = JSON.parse(file('report.json')) as Report;
  expect(limited).toHaveLength(1);
  expect(limited[0]?.measured.figures.commands).toBe(200);
  expect(limited[0]?.measured.broken).toEqual([]);
  expect(limited[0]?.limit.figures.commands).toBe(200);
  expect(limited[0]?.measured.processes.map(({ name }) => name)).toContain('postgresql');
});

test('the page stands by itself', () => {
  const page = file('report.html');
  expect(page).toContain('<figure class="timeline"><figcaption>');
  expect(page).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)=/);
});
