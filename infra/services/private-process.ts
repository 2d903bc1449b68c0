/** A service as a process of ours: its own session, its output in a log, found again after a crash. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { followLastLine } from '../operations/log-lines.ts';
import { identityOf, isSameProcess, readIdentity } from './process-identity.ts';

export type PrivateProcess = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Tells which process it is, while it runs. */
  readonly pidFile: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
};

/** Starts it in a process group of its own: Ctrl-C on the terminal reaches us, and we stop it in order. */
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
  // What cannot be run at all ends as if it had failed; the log of its exit says the rest.
  child.on('error', () => undefined);
  if (child.pid !== undefined) {
    writeFileSync(pidFile, JSON.stringify(identityOf(child.pid)));
    child.once('exit', () => rmSync(pidFile, { force: true }));
  }
  return child;
}

export const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;

/** Sends the signal, waits, and kills what does not end in time. */
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

const LOOK_MS = 50;

export type StopLeftoverOptions = {
  readonly signal: NodeJS.Signals;
  /** It is killed after this. */
  readonly longestMs: number;
  readonly onFound?: () => void;
};

/** Stops what a run that was killed left behind, after `onFound`. */
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
      await sleep(LOOK_MS);
    }
  }
  rmSync(pidFile, { force: true });
}

export type UntilReadyOptions = {
  /** The program's name, for people. */
  readonly name: string;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly longestMs: number;
  /** Whether the fault of a probe says that it works on its start: the time begins anew then. */
  readonly isWorking?: (error: unknown) => boolean;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** The error once it will not be ready; `answer` is what it answered last. */
  readonly explain: (answer: string) => Error;
};

/** A start that takes longer than this says what it waits for. */
const PATIENCE_MS = 5_000;

/**
 * Polls until `probe` succeeds. Rejects with what `explain` returns once the time is over or the child
 * ended, and with the signal's reason once that is aborted.
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
      await sleep(LOOK_MS);
    }
  }
}

export type Tool = Pick<PrivateProcess, 'command' | 'args' | 'env' | 'cwd' | 'uid' | 'gid'>;

/**
 * Runs a program to its end, in a process group of its own. Rejects with its last words where it fails;
 * kills it, and rejects with the signal's reason, once that is aborted.
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
