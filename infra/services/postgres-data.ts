/** Where a private PostgreSQL keeps its data, and as which user it runs. */
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { plainPathOf } from './plain-path.ts';

/** PostgreSQL refuses root: it runs as the user that its package made. Empty where we are not root. */
export type Owner = { readonly uid?: number; readonly gid?: number };

/** A folder that every user can reach: a checkout under a closed home directory is none. */
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
  if (!existsSync(folder)) {
    removeDeleted(home);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    chownSync(folder, owner.uid, owner.gid);
    writeFileSync(join(folder, 'belongs-to'), home);
  }
  return join(folder, 'postgresql');
}

/** Removes the data that belonged to a data folder of this path, which exists no more. */
export function removeDeleted(home: string): void {
  if (!existsSync(ROOT_FOLDER)) return;
  for (const id of readdirSync(ROOT_FOLDER)) {
    const folder = join(ROOT_FOLDER, id);
    if (belongsTo(folder) === home) rmSync(folder, { recursive: true });
  }
}

function belongsTo(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'belongs-to'), 'utf8');
  } catch {
    return undefined;
  }
}
