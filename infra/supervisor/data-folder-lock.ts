/** One system on a data folder: the lock is held while it runs, and goes with the process. */
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type LockModule = {
  /** Takes the lock if nobody alive has it; gives what releases it. */
  readonly tryLock: (folder: string) => (() => void) | undefined;
};

/** The same lock that set-up uses, which is plain JavaScript: it runs before anything is compiled. */
const { tryLock } = (await import(join(packageRoot, 'infra/setup/lock.mjs'))) as LockModule;

export const tryLockDataFolder = (home: string): (() => void) | undefined =>
  tryLock(join(home, 'system.lock'));
