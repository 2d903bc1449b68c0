/**
 * Identifies a process by its id and start time: the id alone may belong to another process by now.
 */
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type LockModule = {
  readonly startOf: (pid: number) => string;
  readonly isSameStart: (stored: string, now: string) => boolean;
};

const LOCK = pathToFileURL(join(packageRoot, 'infra/setup/lock.mjs')).href;
const { startOf, isSameStart } = (await import(LOCK)) as LockModule;

type ProcessIdentity = { readonly pid: number; readonly started: string };

/** Returns the identity of a running process. */
export const identityOf = (pid: number): ProcessIdentity => ({ pid, started: startOf(pid) });

/** Returns whether that same process still runs. */
export const isSameProcess = ({ pid, started }: ProcessIdentity): boolean =>
  isSameStart(started, startOf(pid));

/** Returns whether the process runs; a zombie does not count. */
export const isRunning = (pid: number): boolean => startOf(pid) !== 'gone';

/**
 * Reads an identity that a file stores as JSON; returns undefined for anything else, such as half a
 * file.
 */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, started } = (found ?? {}) as Partial<ProcessIdentity>;
    if (!Number.isSafeInteger(pid) || typeof started !== 'string') return undefined;
    return pid !== undefined && pid > 1 ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns whether a process is the postmaster of a data directory, which is then its working
 * directory; undefined if that cannot be determined.
 */
export function isPostmasterOf(pid: number, data: string): boolean | undefined {
  if (!isRunning(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A postmaster of ours runs as a user whose processes this user may inspect.
    if (code === 'EACCES' || code === 'EPERM') return false;
    return isRunning(pid) ? undefined : false;
  }
}
