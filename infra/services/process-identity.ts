/** Which process a PID means: the number alone may be somebody else's by now. */
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

export type ProcessIdentity = { readonly pid: number; readonly started: string };

export const identityOf = (pid: number): ProcessIdentity => ({ pid, started: startOf(pid) });

/** Whether that process runs still. */
export const isSameProcess = ({ pid, started }: ProcessIdentity): boolean =>
  isSameStart(started, startOf(pid));

/** Whether there is such a process; one that has ended and was not yet waited for is none. */
export const isRunning = (pid: number): boolean => startOf(pid) !== 'gone';

/** Reads what `identityOf` gave and a file kept as JSON; undefined for anything else, such as half a file. */
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
 * Whether a process is the postmaster of a data directory, which is its working directory. Undefined where
 * that cannot be told.
 */
export function isPostmasterOf(pid: number, data: string): boolean | undefined {
  if (!isRunning(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A postmaster of ours runs as a user whose processes we may look at.
    if (code === 'EACCES' || code === 'EPERM') return false;
    return isRunning(pid) ? undefined : false;
  }
}
