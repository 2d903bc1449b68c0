/** A service as a child process of ours: its own session, its output in a log, stopped in order. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';

export type PrivateProcess = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
};

/** Starts it in a process group of its own: Ctrl-C on the terminal reaches us, and we stop it in order. */
export function startProcess(options: PrivateProcess): ChildProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const output = openSync(options.logFile, 'a');
  const { command, args, cwd, env, uid, gid } = options;
  const child = spawn(command, [...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  closeSync(output);
  return child;
}

/** Sends the signal, waits, and kills what does not end in time. */
export async function stopProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  longestMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  await ended;
  clearTimeout(timer);
}

/** A port on loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

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
      const isOver = Date.now() > deadline || child.exitCode !== null;
      if (isOver) throw explain();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
