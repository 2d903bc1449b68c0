/** One system on a data folder: the lock is held while it runs, and goes with the process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type LockModule = {
  /** Takes the lock if nobody alive has it; gives what releases it. */
  readonly tryLock: (folder: string) => (() => void) | undefined;
  /** The process that has the lock. */
  readonly holderOf: (folder: string) => number | undefined;
};

/** The same lock that set-up uses, which is plain JavaScript: it runs before anything is compiled. */
const LOCK = pathToFileURL(join(packageRoot, 'infra/setup/lock.mjs')).href;
const { tryLock, holderOf } = (await import(LOCK)) as LockModule;

const lockFolder = (home: string): string => join(home, 'system.lock');

export const tryLockDataFolder = (home: string): (() => void) | undefined =>
  tryLock(lockFolder(home));

/** The process that starts, runs or stops a system on the data folder, or works on what it stores. */
export const lockHolderOf = (home: string): number | undefined => holderOf(lockFolder(home));
