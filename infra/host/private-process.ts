/**
 * Runs a service as a child process in its own session, with its output in a log and its identity
 * in a file, so that it can be found after a crash.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { followLastLine } from './log-lines.ts';
import { identityOf, isSameProcess, readIdentity } from './process-identity.ts';

type PrivateProcess = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Holds the identity of the process while it runs. */
  readonly pidFile: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
};

/** A command, and the user that it runs as: this process's own unless it names one. */
export type Program = Pick<PrivateProcess, 'command' | 'args' | 'uid' | 'gid'>;

/**
 * Starts the process in its own process group: Ctrl-C on the terminal reaches only this process,
 * which then stops the service in order.
 */
export function startProcess(options: PrivateProcess): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const output = openSync(options.logFile, 'a');
  const { command, args, cwd, env, uid, gid, pidFile } = options;
  const child = spawn(command, [...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  closeSync(output);
  // A command that cannot be run counts as ended, because it has no process id.
  child.on('error', () => undefined);
  if (child.pid !== undefined) {
    writeFileSync(pidFile, JSON.stringify(identityOf(child.pid)));
    child.once('exit', () => rmSync(pidFile, { force: true }));
  }
  return child;
}

/** Returns whether the process has ended, or could not be started at all. */
export const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;

/** Sends the signal, waits for the end, and kills the process after `longestMs`. */
export async function stopProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  longestMs: number,
): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  await ended;
  clearTimeout(timer);
}

const POLL_MS = 50;

type StopLeftoverOptions = {
  readonly signal: NodeJS.Signals;
  /** The process is killed after this time. */
  readonly longestMs: number;
  /** Called if the process still runs, before it is stopped. */
  readonly onFound?: () => void;
};

/** Stops the process that a killed run left, if it still runs, and removes its file. */
export async function stopLeftover(
  pidFile: string,
  { signal, longestMs, onFound = () => undefined }: StopLeftoverOptions,
): Promise<void> {
  const left = readIdentity(pidFile);
  const runs = left !== undefined && isSameProcess(left);
  if (runs) {
    onFound();
    process.kill(left.pid, signal);
    const deadline = Date.now() + longestMs;
    while (isSameProcess(left)) {
      if (Date.now() > deadline) process.kill(left.pid, 'SIGKILL');
      await sleep(POLL_MS);
    }
  }
  rmSync(pidFile, { force: true });
}

type UntilReadyOptions = {
  /** The program's name, for people. */
  readonly name: string;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly longestMs: number;
  /**
   * Returns whether a fault of a probe shows that the service makes progress; the time limit then
   * begins again.
   */
  readonly isWorking?: (error: unknown) => boolean;
  /** Aborts the wait. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Makes the error for a service that will not be ready; `answer` is the last fault. */
  readonly explain: (answer: string) => Error;
};

/**
 * The time after which a wait reports what it waits for; it then repeats the report at this
 * interval.
 */
const PATIENCE_MS = 5_000;

/**
 * Polls until `probe` succeeds. Rejects with the error from `explain` when the time is over or the
 * child has ended, and with the signal's reason when it is aborted.
 */
export async function untilReady(
  probe: () => Promise<unknown>,
  {
    name,
    child,
    logFile,
    longestMs,
    isWorking = () => false,
    signal,
    say,
    explain,
  }: UntilReadyOptions,
): Promise<void> {
  const lastLine = followLastLine(logFile);
  let movedAt = performance.now();
  for (let saidAt = movedAt; ;) {
    signal.throwIfAborted();
    try {
      await probe();
      return;
    } catch (error) {
      const answer = error instanceof Error ? error.message : String(error);
      const now = performance.now();
      if (isWorking(error)) movedAt = now;
      if (now > movedAt + longestMs || hasEnded(child)) throw explain(answer);
      if (now > saidAt + PATIENCE_MS) {
        say(`Waiting for ${name} … (${answer}; its log: ${lastLine()})`);
        saidAt = now;
      }
      await sleep(POLL_MS);
    }
  }
}

type Tool = Pick<PrivateProcess, 'command' | 'args' | 'env' | 'cwd' | 'uid' | 'gid'>;

/**
 * Runs a program to its end, in its own process group. Rejects with the last two lines of its
 * output if it fails. When the signal is aborted, kills the program and rejects with the signal's
 * reason.
 */
export async function runTool(tool: Tool, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { command, args, ...options } = tool;
  const child = spawn(command, [...args], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => void (output += piece.toString()));
  }
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (code === 0) return;
  throw new Error(`${basename(command)}: ${output.trimEnd().split('\n').slice(-2).join(' ')}`);
}
