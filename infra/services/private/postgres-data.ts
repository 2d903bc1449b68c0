/** Finds the data of a private PostgreSQL, and the user that it runs as. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeRootFolder, runAsOwner, type Owner } from '../../host/as-owner.ts';
import { plainPathOf } from '../../host/plain-path.ts';
import { readSettings } from '../../host/settings.ts';

/**
 * The parent of root's databases: every user can reach it, unlike a checkout under a private home
 * directory.
 */
export const ROOT_FOLDER = '/var/lib/daytrade';

/**
 * Returns the user that PostgreSQL runs as: `postgres` if this process is root, otherwise the
 * process's own user.
 */
export function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Returns the data directory of the private database; it does not exist yet if it is new. For root it
 * lies outside the system's data folder, under `id`, which is stored in that folder's settings. A
 * new `id` means that the system's data folder was deleted and made again: this then removes the
 * old data.
 */
export function dataFolder(home: string, id: string, owner: Owner): string {
  if (owner.uid === undefined || owner.gid === undefined)
    return join(plainPathOf(home), 'postgresql');
  const folder = join(ROOT_FOLDER, id);
  makeRootFolder(ROOT_FOLDER);
  if (!existsSync(folder)) {
    removeDeleted(home);
    mkdirSync(folder);
    writeFileSync(join(folder, 'belongs-to'), home);
  }
  // Earlier versions gave the folder to PostgreSQL's user.
  lchownSync(folder, 0, 0);
  makeRootFolder(folder);
  return join(folder, 'postgresql');
}

/** Returns where the database of a data folder is or will be, without creating anything. */
export function databaseFolderOf(home: string): string {
  if (process.getuid?.() !== 0) return join(home, 'postgresql');
  const { id } = readSettings<{ id?: string }>(join(home, 'postgresql.json'), () => ({}));
  return id === undefined ? ROOT_FOLDER : join(ROOT_FOLDER, id, 'postgresql');
}

/**
 * Holds everything stored while an upgrade moves the database. If it is there afterwards, the upgrade was
 * killed, and the database in its place may be empty.
 */
export const upgradeFile = (home: string): string => join(home, 'upgrade.part');

/** Returns the folders outside the data folder that hold its database: root's start creates one. */
export function dataOutside(home: string): readonly string[] {
  if (!existsSync(ROOT_FOLDER)) return [];
  return readdirSync(ROOT_FOLDER)
    .map((id) => join(ROOT_FOLDER, id))
    .filter((folder) => belongsTo(folder) === home);
}

/** Returns whether the data folder has a private database. */
export const hasDatabase = (home: string): boolean =>
  [home, ...dataOutside(home)].some((folder) => existsSync(join(folder, 'postgresql/PG_VERSION')));

/** Removes the databases that belonged to a data folder with this path, which no longer exists. */
export function removeDeleted(home: string): void {
  for (const folder of dataOutside(home)) removeDatabaseFolder(folder);
}

/**
 * Removes PostgreSQL's files as its own user first: root must not walk a tree that another user can
 * change meanwhile.
 */
function removeDatabaseFolder(folder: string): void {
  // Also a half-made one, and those that upgrades kept.
  for (const name of readdirSync(folder).filter((each) => each.startsWith('postgresql'))) {
    removeOwnedFolder(join(folder, name), ownerOf());
  }
  rmSync(folder, { recursive: true });
}

/**
 * Removes a folder that the owner owns, if it exists, from a folder that only this user can write
 * to.
 */
export function removeOwnedFolder(folder: string, owner: Owner): void {
  if (!existsSync(folder)) return;
  runAsOwner(owner, 'find', [folder, '-mindepth', '1', '-delete']);
  rmSync(folder, { recursive: true });
}

function belongsTo(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'belongs-to'), 'utf8');
  } catch {
    return undefined;
  }
}
