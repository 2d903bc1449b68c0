/** Works on the files of PostgreSQL's user with that user's rights. */
import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { SetUpError } from '../../shared/runtime/errors.ts';

/**
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root uses the user that
 * its package created. Empty if this process is not root.
 */
export type Owner = { readonly uid?: number; readonly gid?: number };

/**
 * Runs a program of the system with the owner's rights, and returns its output. In a folder that
 * belongs to that user, any name may have become a symbolic link, which root would follow to any
 * file. This process cannot change its own rights meanwhile: Node refuses to where it uses
 * Debian's libuv.
 */
export function runAsOwner(
  owner: Owner,
  command: string,
  args: readonly string[],
  input = '',
): string {
  return execFileSync(command, [...args], {
    ...owner,
    cwd: '/',
    input,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** Makes folders that only the owner can enter, and their parents, with the owner's rights. */
export function makeFoldersAsOwner(owner: Owner, paths: readonly string[]): void {
  runAsOwner(owner, 'mkdir', ['-p', '-m', '700', '--', ...paths]);
}

/** Removes files and folders, as far as they exist, with the owner's rights. */
export function removeAsOwner(owner: Owner, paths: readonly string[]): void {
  if (paths.length > 0) runAsOwner(owner, 'rm', ['-rf', '--', ...paths]);
}

/** Renames a file or folder to a name that is free, with the owner's rights. */
export function renameAsOwner(owner: Owner, from: string, to: string): void {
  runAsOwner(owner, 'mv', ['-T', '--', from, to]);
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
