/**
 * Fault 1: `kill -9` of the producer and of the supervisor, started as a user starts them, and of all at once; and
 * SIGTERM to the supervisor. The system has two processes of each pool that is killed.
 */
import { expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFile } from '../support/generated-file.ts';
import { DAYTRADE, plainEnvironment } from '../support/run-daytrade.ts';
import { rowsWhenUp } from '../support/rows-when-up.ts';
import type { TestSystem } from '../support/test-system.ts';
import { unlikeModel } from '../support/unlike-model.ts';
import { until } from '../support/until.ts';
import { isAlive } from './support/process-state.ts';

const TEST_MS = 240_000;
const COMMANDS = 480;
const RATE = 160;
/** The longest time that a process may take to drain when its supervisor is gone. */
const ENDED_MAX_MS = 15_000;

export function killProducer(running: () => TestSystem): void {
  test(
    'the producer is killed: the same command with another --pack continues, and nothing is bought twice',
    async () => {
      const system = running();
      await kill(await publish(system, 'producer', { pack: 16, seed: '1' }));
      await resume(system, 'producer');
      const accounts = join(system.home, 'accounts.ndjson');
      await system.daytrade(['accounts', accounts]);
      const lines = readFileSync(accounts, 'utf8').split('\n');
      expect(await unlikeModel(system, fileOf(system, 'producer'), lines)).toBe('');
    },
    TEST_MS,
  );
}

export function killSupervisor(running: () => TestSystem): void {
  test(
    'the supervisor is killed: its processes end, and the next one continues their work',
    async () => {
      const system = running();
      const publishing = await publish(system, 'supervisor', { pack: 4, seed: '2' });
      const pids = await workers(system);
      process.kill((await system.info()).pid, 'SIGKILL');
      await haveEnded(pids);
      await system.start();
      // The fault did not strike it; it only had to wait.
      expect(await publishing.ended).toBe(0);
      await resume(system, 'supervisor');
    },
    TEST_MS,
  );
}

export function terminateSupervisor(running: () => TestSystem): void {
  test(
    'the supervisor is told by SIGTERM: it drains without waiting for a producer, which its successor serves',
    async () => {
      const system = running();
      const publishing = await publish(system, 'terminated', { pack: 4, seed: '4' });
      const { pid } = await system.info();
      process.kill(pid, 'SIGTERM');
      await until(() => !isAlive(pid), { what: 'the supervisor has ended' });
      expect(publishing.child.exitCode).toBe(null);
      await system.start();
      expect(await publishing.ended).toBe(0);
      await resume(system, 'terminated');
    },
    TEST_MS,
  );
}

export function killEverything(running: () => TestSystem): void {
  test(
    'supervisor, processes and producer are killed at once: the run continues, and the books balance',
    async () => {
      const system = running();
      const publishing = await publish(system, 'everything', { pack: 8, seed: '3' });
      const pids = [(await system.info()).pid, ...(await workers(system))];
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await kill(publishing);
      await haveEnded(pids);
      await system.start();
      await resume(system, 'everything');
      expect(await system.daytrade(['verify', '--drained'])).toMatchObject({ exitCode: 0 });
    },
    TEST_MS,
  );
}

type Publishing = { readonly child: ChildProcess; readonly ended: Promise<number | null> };

const fileOf = ({ home }: TestSystem, run: string): string => join(home, `${run}.workload`);

/** Starts to send a file of new users as a user does. Resolves when a quarter of it is done. */
async function publish(
  system: TestSystem,
  run: string,
  { pack, seed }: { readonly pack: number; readonly seed: string },
): Promise<Publishing> {
  const file = fileOf(system, run);
  generatedFile(file, { users: '12', commands: `${COMMANDS}`, seed });
  const args = ['publish', file, '--run', run, '--pack', `${pack}`, '--rate', `${RATE}`];
  const child = spawn(process.execPath, [DAYTRADE, ...args], {
    env: { ...plainEnvironment(), DAYTRADE_HOME: system.home },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until(async () => (await done(system, run)) > COMMANDS / 4, {
    what: 'the run is under way',
  });
  expect(await done(system, run)).toBeLessThan(COMMANDS);
  return { child, ended };
}

/** Returns how many commands of a run are done. */
async function done({ databaseUrl }: TestSystem, run: string): Promise<number> {
  const [row] = await rowsWhenUp<{ readonly done: number }>(
    databaseUrl,
    'SELECT coalesce(sum(last), 0)::int AS done FROM streams WHERE stream = $1',
    [`run:${run}`],
  );
  return row?.done ?? 0;
}

/** Gives the same command again, which continues the run. Asserts that it ends as without a fault. */
async function resume(system: TestSystem, run: string): Promise<void> {
  const again = ['publish', fileOf(system, run), '--run', run, '--pack', '5'];
  expect(await system.daytrade(again)).toMatchObject({ exitCode: 0 });
  expect(await done(system, run)).toBe(COMMANDS);
}

async function kill({ child, ended }: Publishing): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** Returns the ids of the system's processes, except the supervisor. */
async function workers(system: TestSystem): Promise<readonly number[]> {
  const { processes, pid: supervisor } = await system.info();
  return processes.flatMap(({ pid = supervisor }) => (pid === supervisor ? [] : [pid]));
}

const haveEnded = (pids: readonly number[]): Promise<true> =>
  until(() => !pids.some(isAlive), { what: 'its processes end', timeoutMs: ENDED_MAX_MS });
