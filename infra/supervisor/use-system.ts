/**
 * Provides the system on a data folder to one command: the one that runs there, or one started for
 * it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Pools } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { followFile } from '../host/follow-file.ts';
import { readTail } from '../host/log-lines.ts';
import { hasEnded, stopProcess } from '../host/private-process.ts';
import { findSystem, type RunningSystem } from '../../shared/control/control-client.ts';
import { describeState, findState } from './find-state.ts';
import { holdSystem } from './hold-system.ts';
import { openControl } from './control-server.ts';
import type { SystemInfo } from '../../shared/control/system-info.ts';
import { tryLockDataFolder } from './data-folder-lock.ts';
import { removeStartFailure, writeStartFailure } from './start-failure.ts';
import { startSystem } from './supervisor.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

type UseOptions = {
  readonly config: Config;
  /**
   * The number of processes of each pool, unless the environment sets it; ignored if a system
   * already runs.
   */
  readonly pools: Pools;
  readonly triggerRefreshMs: number;
  readonly quoteServerFlags: readonly string[];
  /** Starts with empty data; refused while a system runs. */
  readonly fresh: boolean;
  /** Leaves the system running. */
  readonly keep: boolean;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Ends the wait for other commands before a system that was started for this command stops. */
  readonly hurry?: AbortSignal;
  /** Called when a system that was started for this command is asked to stop. */
  readonly onStop: () => void;
  /** Called when a system that another process runs is gone while this command uses it. */
  readonly onGone: (pid: number) => void;
  /** Called with the URL of the database when a system that was started for this command has drained. */
  readonly onDrained?: (databaseUrl: string) => Promise<void>;
  readonly say: (line: string) => void;
  readonly log: OpenedLogger;
};

export type UsedSystem = {
  readonly info: SystemInfo;
  /** Whether the system ran before this command, or runs on after it. */
  readonly isShared: boolean;
  /** Returns the current information, with the processes as they are now. */
  readonly refresh: () => Promise<SystemInfo>;
  /**
   * Stops the system if it was started for this command alone, once no other command uses it or `hurry` is
   * aborted; else releases it.
   */
  readonly close: () => Promise<void>;
};

const POLL_MS = 200;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The longest wait for a system that is asked to stop while it starts. */
const STOP_MAX_MS = 60_000;

/**
 * Finds or starts the system; resolves when every process takes work. Waits while another command
 * starts or stops a system, or works on its data.
 */
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
    await pause(POLL_MS);
  }
}

function refuseFresh({ fresh, config }: UseOptions): void {
  if (!fresh) return;
  throw new UsageError(
    `--fresh: a system is running on ${config.home}; stop it first (${OWN_COMMAND} down)`,
  );
}

/** Takes a lease on a running system. Returns undefined if it ended meanwhile. */
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

/**
 * Starts the system in this process, and keeps the lock on the data folder until the system is
 * closed.
 */
async function startOwn(options: UseOptions, release: () => void): Promise<UsedSystem> {
  const { config, signal, hurry, say } = options;
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
    control.serve({ info: refresh, actions: system.actions, operations: system.operations });
    return {
      info: refresh(),
      isShared: false,
      refresh: () => Promise.resolve(refresh()),
      close: async () => {
        const others = hurry?.aborted === true ? 0 : control.leases();
        if (others > 0) say(`Waiting for ${others} other command(s) that use this system …`);
        await control.released(hurry);
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

/**
 * Starts `daytrade up` as a process that outlives this one, and waits until the system can be
 * found.
 */
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
        // The background process logs to files.
        LOG_TO: 'files',
        ...(config.replicated && { REPLICATED: '1' }),
      },
      detached: true,
      stdio: ['ignore', output, output],
    },
  );
  closeSync(output);
  child.unref();
  // Repeats the lines that say what the start waits for; its other output stays in its log file.
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
    await pause(POLL_MS);
  }
}

const SHOWN_LINES = 4;
const SHOWN_BYTES_MAX = 4_096;

const lastLinesOf = (file: string): string =>
  readTail(file, SHOWN_BYTES_MAX).slice(-SHOWN_LINES).join('\n  ');

/** Stops the background process, which then stops what it has started, as for Ctrl-C. */
const stopBackground = (child: ChildProcess): Promise<void> =>
  stopProcess(child, 'SIGTERM', STOP_MAX_MS);

/** Passes on the pool sizes that this command would have used itself. */
const sizesOf = (pools: Pools): Readonly<Record<string, string>> => ({
  TRANSACTION_PROCESSES: pools.transaction.toString(),
  QUOTE_PROCESSES: pools.quote.toString(),
  TRIGGER_PROCESSES: pools.trigger.toString(),
  AUDIT_PROCESSES: pools.audit.toString(),
});
