/** Checks the alert rules with `promtool`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

const folder = join(packageRoot, 'infra/prometheus');
const isInstalled = spawnSync('promtool', ['--version']).status === 0;
const check = isInstalled ? test : test.skip;

const promtool = (...args: readonly string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

check('Prometheus takes the configuration and the rules it names', () => {
  const { status, output } = promtool('check', 'config', 'prometheus.yml');
  expect(output).toContain('1 rule files found');
  expect(status).toBe(0);
});

check('each alert fires where it should, and stays silent just below', () => {
  expect(promtool('test', 'rules', 'rules.test.yml')).toMatchObject({ status: 0 });
});
