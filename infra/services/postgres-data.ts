/** Where a private PostgreSQL keeps its data, and as which user it runs. */
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
import { asOwner, makeRootFolder, type Owner } from './as-owner.ts';
import { plainPathOf } from './plain-path.ts';
import { readSettings } from './settings.ts';

export type { Owner };

/** A folder that every user can reach, unlike a checkout under a closed home directory. */
export const ROOT_FOLDER = '/var/lib/daytrade';

export function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * The folder of the data; not made yet where it is new. As root it lies outside the data folder,
 * under `id`, which the data folder's settings hold: who deletes that folder has deleted the data.
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
  // Earlier versions gave it to the owner.
  lchownSync(folder, 0, 0);
  makeRootFolder(folder);
  return join(folder, 'postgresql');
}

/** Where the data of a data folder is or will be, without making anything. */
export function databaseFolderOf(home: string): string {
  if (process.getuid?.() !== 0) return join(home, 'postgresql');
  const { id } = readSettings<{ id?: string }>(join(home, 'postgresql.json'), () => ({}));
  return id === undefined ? ROOT_FOLDER : join(ROOT_FOLDER, id, 'postgresql');
}

/** Folders outside the data folder that hold its database: there is one where root started it. */
export function dataOutside(home: string): readonly string[] {
  if (!existsSync(ROOT_FOLDER)) return [];
  return readdirSync(ROOT_FOLDER)
    .map((id) => join(ROOT_FOLDER, id))
    .filter((folder) => belongsTo(folder) === home);
}

/** Whether a private database was ever made for the data folder, and is still there. */
export const hasDatabase = (home: string): boolean =>
  [home, ...dataOutside(home)].some((folder) => existsSync(join(folder, 'postgresql/PG_VERSION')));

/** Removes the data that belonged to a data folder of this path, which exists no more. */
export function removeDeleted(home: string): void {
  for (const folder of dataOutside(home)) removeDatabaseFolder(folder);
}

/** As the owner first: to follow a tree that somebody else can change meanwhile is not for root. */
function removeDatabaseFolder(folder: string): void {
  for (const name of ['postgresql', 'postgresql.part']) {
    removeOwnedFolder(join(folder, name), ownerOf());
  }
  rmSync(folder, { recursive: true });
}

/** Removes a folder of the owner's, if it is there, from a folder that nobody but us can write. */
export function removeOwnedFolder(folder: string, owner: Owner): void {
  if (!existsSync(folder)) return;
  asOwner(owner, () => {
    for (const name of readdirSync(folder)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  });
  rmSync(folder, { recursive: true });
}

function belongsTo(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'belongs-to'), 'utf8');
  } catch {
    return undefined;
  }
}
