/** Works on the files of PostgreSQL's user with that user's rights. */
import { chmodSync, lchownSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { SetUpError } from '../../shared/runtime/errors.ts';

/**
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root uses the user that
 * its package created. Empty if this process is not root.
 */
export type Owner = { readonly uid?: number; readonly gid?: number };

/**
 * Runs the work with the owner's rights. In a folder that belongs to that user, any name may have
 * become a symbolic link, which root would follow to any file. The work must be synchronous,
 * because the whole process has the owner's rights until it returns.
 */
export function asOwner<Result>({ uid, gid }: Owner, work: () => Result): Result {
  const { seteuid, setegid, setgroups, getgroups, getegid } = process;
  if (uid === undefined || gid === undefined) return work();
  if (!seteuid || !setegid || !setgroups || !getgroups || !getegid) return work();
  const [ourGroup, ourGroups] = [getegid(), getgroups()];
  setgroups([gid]);
  setegid(gid);
  seteuid(uid);
  try {
    return work();
  } finally {
    seteuid(0);
    setegid(ourGroup);
    setgroups(ourGroups);
  }
}

/**
 * Makes a folder with access for the owner alone, inside a folder that only this user can write to.
 */
export function makeOwnedFolder(path: string, owner: Owner): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: 0o700 });
  giveTo(owner, path);
}

/**
 * Writes a new file that only the owner can read, inside a folder that only this user can write to.
 */
export function writeOwnedFile(path: string, text: string, owner: Owner): void {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  giveTo(owner, path);
}

function giveTo({ uid, gid }: Owner, path: string): void {
  if (uid !== undefined && gid !== undefined) lchownSync(path, uid, gid);
}

/**
 * Makes a folder that belongs to root, in which the owner can reach its own entries but add none.
 * Throws a `SetUpError` if the path exists and is no folder of root's.
 */
export function makeRootFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path);
  else refuseForeign(path);
  chmodSync(path, 0o711);
}

function refuseForeign(path: string): void {
  const { uid } = lstatSync(path);
  if (uid === 0 && lstatSync(path).isDirectory()) return;
  throw new SetUpError([
    `${path} is no folder of root's: somebody else could put a link there that root would follow.`,
    `See what is in it, then run: chown root:root ${path}`,
    'Or start as a user other than root, with DAYTRADE_HOME in a folder of that user.',
  ]);
}
