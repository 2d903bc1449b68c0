/**
 * Finds and stops what a killed system left: its services that still run, and a stale file of
 * PostgreSQL.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  isPostmasterOf,
  isRunning,
  isSameProcess,
  readIdentity,
} from '../../host/process-identity.ts';
import { stopLeftover } from '../../host/private-process.ts';

export type LeftProcess = { readonly name: string; readonly pid: number };

/** The order in which services are stopped: those that use others first. */
const ORDER = ['haproxy', 'restore', 'postgresql', 'rabbitmq', 'epmd', 'etcd'];
const STOP_MAX_MS = 20_000;

/**
 * Returns the private services of a data folder that still run, in the order in which to stop them.
 */
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

/**
 * Stops these services and returns them. The caller must hold the lock on the data folder, so that
 * no system uses them.
 */
export async function stopLeftProcesses(home: string): Promise<readonly LeftProcess[]> {
  const left = leftProcessesOf(home);
  for (const { name } of left) {
    // A postmaster ends its sessions on SIGINT (fast shutdown); on SIGTERM it waits for them.
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

/** Returns the process id of the postmaster of a data directory; undefined if none runs. */
export function postmasterOf(data: string): number | undefined {
  const pid = readPostmasterPid(data);
  return pid !== undefined && isPostmasterOf(pid, data) !== false ? pid : undefined;
}

/**
 * Removes a `postmaster.pid` left by a power cut if its process id now belongs to another process:
 * PostgreSQL would take that for a running postmaster and not start. The case of a postmaster that
 * was killed alone needs no help: PostgreSQL checks by itself whether its shared memory is still in
 * use.
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
