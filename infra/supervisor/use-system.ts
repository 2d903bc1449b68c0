/** The system on a data folder, for one command: the one that runs there, or one started for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Pools } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { followFile } from '../operations/follow-file.ts';
import { readTail } from '../operations/log-lines.ts';
import { hasEnded, stopProcess } from '../services/private-process.ts';
import { findSystem, type RunningSystem } from './control-client.ts';
import { describeState, findState } from './find-state.ts';
import { holdSystem } from './hold-system.ts';
import { openControl, type SystemInfo } from './control-server.ts';
import { tryLockDataFolder } from './data-folder-lock.ts';
import { removeStartFailure, writeStartFailure } from './start-failure.ts';
import { startSystem } from './supervisor.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

export type UseOptions = {
  readonly config: Config;
  /** How many processes of each pool, where the environment does not say and none runs yet. */
  readonly pools: Pools;
  readonly triggerRefreshMs: number;
  readonly quoteServerFlags: readonly string[];
  /** Begins with empty data; refused while a system runs. */
  readonly fresh: boolean;
  /** Leaves the system up. */
  readonly keep: boolean;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** It was told to stop, where it was started for this command. */
  readonly onStop: () => void;
  /** It is gone though it is in use, where it is another command's. */
  readonly onGone: (pid: number) => void;
  readonly say: (line: string) => void;
  readonly log: OpenedLogger;
};

export type UsedSystem = {
  readonly info: SystemInfo;
  /** Whether it was up before, or stays up after. */
  readonly isShared: boolean;
  /** Where its processes are now. */
  readonly refresh: () => Promise<SystemInfo>;
  /** Stops it if it was started for this command alone. */
  readonly close: () => Promise<void>;
};

const LOOK_MS = 200;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** How long a system that is told to stop while it starts may take. */
const STOP_MAX_MS = 60_000;

/** Resolves when every process takes work. */
export async function useSystem(options: UseOptions): Promise<UsedSystem> {
  const { config, say } = options;
  let isOurs = false;
  for (let told = false; ; told = true) {
    options.signal.throwIfAborted();
    const running = await findSystem(config.home);
    if (running !== undefined && !isOurs) refuseFresh(options);
    const used = running && (await attach(running, options));
    if (used !== undefined) {
      if (!isOurs) say(`Using the system that runs on ${config.home} (process ${used.info.pid}).`);
      return used;
    }
    const release = tryLockDataFolder(config.home);
    if (release !== undefined) {
      if (!options.keep) return await startOwn(options, release);
      release();
      await startBackground(options);
      isOurs = true;
      continue;
    }
    if (!told) say(`${describeState(await findState(config.home), config.home)} Waiting …`);
    await pause(LOOK_MS);
  }
}

function refuseFresh({ fresh, config }: UseOptions): void {
  if (!fresh) return;
  throw new UsageError(
    `--fresh: a system is running on ${config.home}; stop it first (${OWN_COMMAND} down)`,
  );
}

/** Undefined where it ended meanwhile. */
async function attach(
  system: RunningSystem,
  { config: { home }, onGone, say }: UseOptions,
): Promise<UsedSystem | undefined> {
  try {
    const { info, refresh } = system;
    const release = await holdSystem(system, { home, onGone: () => onGone(info.pid), say });
    return {
      info,
      isShared: true,
      refresh,
      close: () => {
        release();
        return Promise.resolve();
      },
    };
  } catch {
    return undefined;
  }
}

/** Starts the system in this process; the lock goes with it. */
async function startOwn(options: UseOptions, release: () => void): Promise<UsedSystem> {
  const { config, signal, say } = options;
  const { home } = config;
  const control = await openControl({ home, onStop: options.onStop });
  try {
    const system = await startSystem(options);
    if (signal.aborted) {
      await system.stop();
      signal.throwIfAborted();
    }
    removeStartFailure(home);
    const refresh = (): SystemInfo => system.info();
    control.serve({ info: refresh, actions: system.actions });
    return {
      info: refresh(),
      isShared: false,
      refresh: () => Promise.resolve(refresh()),
      close: async () => {
        const others = control.leases();
        if (others > 0) say(`Waiting for ${others} other command(s) that use this system …`);
        await control.released();
        control.refuse();
        await system.stop();
        control.close();
        release();
      },
    };
  } catch (error) {
    if (!signal.aborted) writeStartFailure(home, error);
    control.close();
    release();
    throw error;
  }
}

/** Starts `daytrade up` as a process that outlives this one, and waits until it can be found. */
async function startBackground(options: UseOptions): Promise<void> {
  const { config, pools, fresh, say } = options;
  const folder = join(config.home, 'logs');
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'up.log');
  const output = openSync(logFile, 'a');
  say('Starting the system …');
  const child = spawn(
    process.execPath,
    [join(packageRoot, 'infra/setup/daytrade.mjs'), 'up', ...(fresh ? ['--fresh', '--yes'] : [])],
    {
      env: {
        ...sizesOf(pools),
        ...process.env,
        DAYTRADE_HOME: config.home,
        // Its output goes to a file of the logs.
        LOG_TO: 'files',
        ...(config.replicated && { REPLICATED: '1' }),
      },
      detached: true,
      stdio: ['ignore', output, output],
    },
  );
  closeSync(output);
  child.unref();
  // What it waits for is of interest here; the rest is in its file.
  const endFollowing = followFile(logFile, (line) => {
    if (line.startsWith('Waiting ')) say(line);
  });
  try {
    await untilFound(child, logFile, options);
  } finally {
    endFollowing();
  }
}

async function untilFound(
  child: ChildProcess,
  logFile: string,
  { config, signal }: UseOptions,
): Promise<void> {
  while ((await findSystem(config.home)) === undefined) {
    if (signal.aborted) await stopBackground(child);
    signal.throwIfAborted();
    if (hasEnded(child)) {
      throw new CodedError(
        'not-finished',
        `The system did not start. The last lines of ${logFile}:\n  ${lastLinesOf(logFile)}`,
      );
    }
    await pause(LOOK_MS);
  }
}

const SHOWN_LINES = 4;
const SHOWN_BYTES_MAX = 4_096;

const lastLinesOf = (file: string): string =>
  readTail(file, SHOWN_BYTES_MAX).slice(-SHOWN_LINES).join('\n  ');

/** It stops what it has started, as it does for a signal of a terminal's. */
const stopBackground = (child: ChildProcess): Promise<void> =>
  stopProcess(child, 'SIGTERM', STOP_MAX_MS);

/** As many processes as this command would have started itself. */
const sizesOf = (pools: Pools): Readonly<Record<string, string>> => ({
  TRANSACTION_PROCESSES: pools.transaction.toString(),
  QUOTE_PROCESSES: pools.quote.toString(),
  TRIGGER_PROCESSES: pools.trigger.toString(),
  AUDIT_PROCESSES: pools.audit.toString(),
});
