/** Fault 1: `kill -9` of the producer and of the supervisor, as a user starts them, and of all at once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFile } from '../support/generated-file.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { DAYTRADE, plainEnvironment } from '../support/run-daytrade.ts';
import { openTestSystem, type TestSystem } from '../support/test-system.ts';
import { unlikeModel } from '../support/unlike-model.ts';
import { until } from '../support/until.ts';
import { isAlive } from './support/process-state.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const COMMANDS = 480;
const RATE = 160;
/** What a process may take to drain when its supervisor is gone. */
const ENDED_MAX_MS = 15_000;
/** What is killed has a standby. */
const TWO_EACH = { TRANSACTION_PROCESSES: '2', AUDIT_PROCESSES: '2', TRIGGER_PROCESSES: '2' };
const SETTINGS = { ORDER_LIFETIME_S: '3600', QUOTE_LIFETIME_S: '3600' };

let system: TestSystem;
let pool: Pool;
beforeAll(async () => {
  system = await openTestSystem({ ...SETTINGS, ...TWO_EACH });
  const { databaseUrl: url } = system;
  pool = openPool({ url, name: 'kill test', size: 1, log: recordingLogger() });
}, START_MS);
afterAll(async () => {
  await pool.end();
  await system.close();
}, START_MS);

type Publishing = { readonly child: ChildProcess; readonly ended: Promise<number | null> };

/** Begins to send a run's file as a user does, and resolves when a quarter of it is done. */
async function publish(run: string, pack: number): Promise<Publishing> {
  const args = ['publish', fileOf(run), '--run', run, '--pack', `${pack}`, '--rate', `${RATE}`];
  const child = spawn(process.execPath, [DAYTRADE, ...args], {
    env: { ...plainEnvironment(), DAYTRADE_HOME: system.home },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until(async () => (await done(run)) > COMMANDS / 4, { what: 'the run is under way' });
  expect(await done(run)).toBeLessThan(COMMANDS);
  return { child, ended };
}

/** Commands of a run that are done. */
async function done(run: string): Promise<number> {
  const { rows } = await pool.query<{ done: number }>(
    'SELECT coalesce(sum(last), 0)::int AS done FROM streams WHERE stream = $1',
    [`run:${run}`],
  );
  return rows[0]?.done ?? 0;
}

const fileOf = (run: string): string => join(system.home, `${run}.workload`);

/** A file whose users are its own. */
const generate = (run: string, seed: string): void =>
  generatedFile(fileOf(run), { users: '12', commands: `${COMMANDS}`, seed });

/** The same command again goes on with the run, whose end is as if nothing had happened. */
async function resumed(run: string): Promise<void> {
  const again = ['publish', fileOf(run), '--run', run, '--pack', '5'];
  expect(await system.daytrade(again)).toMatchObject({ exitCode: 0 });
  expect(await done(run)).toBe(COMMANDS);
}

const kill = async ({ child, ended }: Publishing): Promise<void> => {
  child.kill('SIGKILL');
  await ended;
};

async function workers(): Promise<readonly number[]> {
  const { processes, pid: supervisor } = await system.info();
  return processes.flatMap(({ pid = supervisor }) => (pid === supervisor ? [] : [pid]));
}

const ended = (pids: readonly number[]): Promise<true> =>
  until(() => !pids.some(isAlive), { what: 'its processes end', timeoutMs: ENDED_MAX_MS });

describe('killed under load', () => {
  test(
    'the producer: the same command with another --pack goes on, and nothing is bought twice',
    async () => {
      generate('producer', '1');
      await kill(await publish('producer', 16));
      await resumed('producer');
      const accounts = join(system.home, 'accounts.ndjson');
      await system.daytrade(['accounts', accounts]);
      const lines = readFileSync(accounts, 'utf8').split('\n');
      expect(await unlikeModel(system, fileOf('producer'), lines)).toBe('');
    },
    TEST_MS,
  );

  test(
    'the supervisor: its processes end, and the next one goes on where they were',
    async () => {
      generate('supervisor', '2');
      const publishing = await publish('supervisor', 4);
      const pids = await workers();
      process.kill((await system.info()).pid, 'SIGKILL');
      await ended(pids);
      await system.start();
      // It was not struck, and only had to wait.
      expect(await publishing.ended).toBe(0);
      await resumed('supervisor');
    },
    TEST_MS,
  );

  test(
    'everything at once: supervisor, processes and producer',
    async () => {
      generate('everything', '3');
      const publishing = await publish('everything', 8);
      const pids = [(await system.info()).pid, ...(await workers())];
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await kill(publishing);
      await ended(pids);
      await system.start();
      await resumed('everything');
    },
    TEST_MS,
  );

  test('and everything is drained and adds up', async () => {
    expect(await system.daytrade(['verify', '--drained'])).toMatchObject({ exitCode: 0 });
  });
});
