/**
 * Allows one system per data folder: the lock is held while the system runs, and ends with its
 * process.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type LockModule = {
  /** Takes the lock unless a live process holds it, and returns the function that releases it. */
  readonly tryLock: (folder: string) => (() => void) | undefined;
  /** Returns the id of the process that holds the lock. */
  readonly holderOf: (folder: string) => number | undefined;
};

/**
 * The lock that set-up uses too. It is plain JavaScript, because set-up runs before anything is
 * compiled.
 */
const LOCK = pathToFileURL(join(packageRoot, 'infra/setup/lock.mjs')).href;
const { tryLock, holderOf } = (await import(LOCK)) as LockModule;

const lockFolder = (home: string): string => join(home, 'system.lock');

/**
 * Takes the lock and returns the function that releases it; undefined if a live process holds it.
 */
export const tryLockDataFolder = (home: string): (() => void) | undefined =>
  tryLock(lockFolder(home));

/**
 * Returns the id of the process that starts, runs or stops a system on the data folder, or works on
 * its stored data; undefined if none does.
 */
export const lockHolderOf = (home: string): number | undefined => holderOf(lockFolder(home));
