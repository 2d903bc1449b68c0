/** What a run that was killed has left: services that run on, and the files that say who used a folder. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isPostmasterOf, isRunning, isSameProcess, readIdentity } from './process-identity.ts';
import { stopLeftover } from './private-process.ts';

export type LeftProcess = { readonly name: string; readonly pid: number };

/** Services that use others are stopped first. */
const ORDER = ['haproxy', 'restore', 'postgresql', 'rabbitmq', 'epmd', 'etcd'];
const STOP_MAX_MS = 20_000;

/** The private services of a data folder that run, in the order in which they are to be stopped. */
export function leftProcessesOf(home: string): readonly LeftProcess[] {
  const rank = ({ name }: LeftProcess): number =>
    ORDER.findIndex((prefix) => name.startsWith(prefix));
  return pidFilesIn(home)
    .flatMap((file) => {
      const identity = readIdentity(join(home, file));
      if (identity === undefined || !isSameProcess(identity)) return [];
      return [{ name: basename(file, '.pid'), pid: identity.pid }];
    })
    .sort((one, other) => rank(one) - rank(other));
}

/** Stops them. The caller has locked the data folder: nobody else uses them. */
export async function stopLeftProcesses(home: string): Promise<readonly LeftProcess[]> {
  const left = leftProcessesOf(home);
  for (const { name } of left) {
    // A postmaster ends its clients by SIGINT; for SIGTERM it would wait for them.
    const signal = name === 'postgresql' || name === 'restore' ? 'SIGINT' : 'SIGTERM';
    await stopLeftover(join(home, `${name}.pid`), { signal, longestMs: STOP_MAX_MS });
  }
  return left;
}

function pidFilesIn(home: string): readonly string[] {
  try {
    return readdirSync(home).filter((name) => name.endsWith('.pid'));
  } catch {
    return [];
  }
}

/** The postmaster of a data directory, if one runs. */
export function postmasterOf(data: string): number | undefined {
  const pid = readPostmasterPid(data);
  return pid !== undefined && isPostmasterOf(pid, data) !== false ? pid : undefined;
}

/**
 * Removes the `postmaster.pid` that a power cut left, where its process id is another process's now:
 * PostgreSQL would take that for itself, and not start. It finds out by itself whether its shared memory is
 * still in use, as after a postmaster that was killed alone.
 */
export function removeStalePostmasterPid(data: string): void {
  const pid = readPostmasterPid(data);
  if (pid !== undefined && isRunning(pid) && isPostmasterOf(pid, data) === false) {
    rmSync(postmasterFile(data), { force: true });
  }
}

const postmasterFile = (data: string): string => join(data, 'postmaster.pid');

function readPostmasterPid(data: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(postmasterFile(data), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
