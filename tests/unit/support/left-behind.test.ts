import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

type LeftBehind = {
  readonly markOf: (runMark: string, suite: string) => string;
  readonly withMark: (path: string, mark: string) => string;
  readonly endLeftBehind: (mark: string, graceMs: number) => Promise<readonly string[]>;
};

const { markOf, withMark, endLeftBehind } = (await import(
  join(packageRoot, 'infra/setup/left-behind.mjs')
)) as LeftBehind;

const RUN = '/nowhere/daytrade-left-behind';
const FOREVER = 'setInterval(() => undefined, 1_000)';

const started: ChildProcess[] = [];
function startMarked(suite: string, script: string): ChildProcess {
  const env = { PATH: withMark(process.env['PATH'] ?? '', markOf(RUN, suite)) };
  const child = spawn(process.execPath, ['-e', script], { env, stdio: 'ignore' });
  started.push(child);
  return child;
}
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('processes that a suite leaves behind', () => {
  test('are named and killed, those of another suite are not', async () => {
    const left = startMarked('tests/e2e/one.test', FOREVER);
    const other = startMarked('tests/e2e/other.test', FOREVER);
    const ended = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));
    const commands = await endLeftBehind(markOf(RUN, 'tests/e2e/one.test'), 0);
    expect(commands).toEqual([`${process.execPath} -e ${FOREVER}`]);
    expect(await ended).toBe('SIGKILL');
    expect(other.signalCode).toBeNull();
  });

  test('are found by the mark of the whole run', async () => {
    startMarked('tests/e2e/one.test', FOREVER);
    startMarked('tests/e2e/other.test', FOREVER);
    expect(await endLeftBehind(RUN, 0)).toHaveLength(2);
  });

  test('are given a moment to end by themselves', async () => {
    startMarked('tests/e2e/one.test', 'setTimeout(() => undefined, 50)');
    expect(await endLeftBehind(RUN, 20_000)).toEqual([]);
  });
});
