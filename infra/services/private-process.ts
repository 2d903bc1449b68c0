/** A service as a process of ours: its own session, its output in a log, found again after a crash. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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
    writeFileSync(pidFile, JSON.stringify({ pid: child.pid, started: startOf(child.pid) }));
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

/** Stops what a run that was killed left behind; says whether there was anything. */
export async function stopLeftover(
  pidFile: string,
  signal: NodeJS.Signals,
  longestMs: number,
): Promise<boolean> {
  const left = readPidFile(pidFile);
  if (left === undefined || startOf(left.pid) !== left.started) return false;
  process.kill(left.pid, signal);
  const deadline = Date.now() + longestMs;
  while (startOf(left.pid) === left.started) {
    if (Date.now() > deadline) process.kill(left.pid, 'SIGKILL');
    await sleep(LOOK_MS);
  }
  return true;
}

function readPidFile(
  pidFile: string,
): { readonly pid: number; readonly started: string } | undefined {
  try {
    return JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number; started: string };
  } catch {
    return undefined;
  }
}

/**
 * When a process started, in ticks since boot: a process id alone may be somebody else's by now.
 * Undefined where it has ended, or where there is no /proc.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

/** Whether there is such a process; one that has ended and was not yet waited for is none. */
export const isRunning = (pid: number): boolean => startOf(pid) !== undefined;

/** Polls until `probe` succeeds; rejects with what `explain` says once the time is over or the child ended. */
export async function untilReady(
  probe: () => Promise<unknown>,
  {
    child,
    longestMs,
    explain,
  }: {
    readonly child: ChildProcess;
    readonly longestMs: number;
    readonly explain: () => Error;
  },
): Promise<void> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    try {
      await probe();
      return;
    } catch {
      if (Date.now() > deadline || hasEnded(child)) throw explain();
      await sleep(LOOK_MS);
    }
  }
}
