/** A consumer as the supervisor runs it: a process of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { POOL_FOLDERS } from '../../infra/supervisor/pool-folders.ts';
import type { PoolName } from '../../shared/runtime/config.ts';
import { testBuild } from './build.ts';

export type ConsumerProcess = {
  readonly name: string;
  readonly pid: number;
  /** Tells a transaction process which shards are its own. */
  readonly assign: (shards: readonly number[]) => void;
  /** What it wrote to its log, the last of it. */
  readonly logged: () => string;
  /** Ends it as a crash does. */
  readonly kill: () => Promise<void>;
  /** Lets it drain. */
  readonly stop: () => Promise<void>;
};

export type ConsumerOptions = {
  readonly pool: PoolName;
  /** As in `transaction-1`. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Characters; enough for a suite at the level `debug`. */
const LOG_MAX = 4_000_000;

/** Resolves when it takes work. */
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

/** Rejects with what it logged where it ends before. */
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
