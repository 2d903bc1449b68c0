/** Runs a consumer in a process of its own, as the supervisor does. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { POOL_FOLDERS } from '../../infra/supervisor/pool-folders.ts';
import type { PoolName } from '../../shared/runtime/config.ts';
import { testBuild } from './build.ts';

export type ConsumerProcess = {
  readonly name: string;
  readonly pid: number;
  /** Assigns shards to a transaction process. */
  readonly assign: (shards: readonly number[]) => void;
  /** Returns the end of its log. */
  readonly logged: () => string;
  /** Kills it with SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Stops it after it has drained. */
  readonly stop: () => Promise<void>;
};

export type ConsumerOptions = {
  readonly pool: PoolName;
  /** The name of the process, such as `transaction-1`. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The most characters of a log that are kept; enough for a suite at the level `debug`. */
const LOG_MAX = 4_000_000;

/** Starts a consumer. Resolves when it takes work. */
export async function startConsumer(options: ConsumerOptions): Promise<ConsumerProcess> {
  const { pool, name, env } = options;
  const child = fork(join(testBuild, POOL_FOLDERS[pool], 'main.js'), [], {
    env: { PATH: process.env['PATH'], ...env, DAYTRADE_PROCESS: name },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr?.on('data', (bytes: Buffer) => (log = (log + bytes.toString()).slice(-LOG_MAX)));
  await whenReady(child, () => `${name} ended before it was ready:\n${log.slice(-4_000)}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  };
  return {
    name,
    pid: child.pid ?? 0,
    logged: () => log,
    assign: (shards) => void child.send({ type: 'home-shards', shards }),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Resolves when the process is ready. Rejects with its log if it ends before. */
async function whenReady(child: ChildProcess, what: () => string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onExit = (): void => reject(new Error(what()));
    child.once('exit', onExit);
    child.on('message', (message: { readonly type: string }) => {
      if (message.type !== 'ready') return;
      child.off('exit', onExit);
      resolve();
    });
  });
}
