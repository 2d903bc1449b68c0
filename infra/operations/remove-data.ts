/** Removing what a system keeps on this machine. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { addedPackagesFile } from '../services/debian.ts';
import { stopLeftProcesses } from '../services/left-behind.ts';
import { dataOutside, removeDeleted } from '../services/postgres-data.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { isOurs, requireDataFolder } from './data-folder.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/**
 * The data folder is then as before the first start; what is not ours and the list of packages that
 * apt added stay. Rejects where a system runs on it, or another command starts or stops one.
 */
export async function removeData(home: string): Promise<void> {
  requireDataFolder(home);
  if ((await findSystem(home)) !== undefined) throw inUse(home);
  const release = tryLockDataFolder(home);
  if (release === undefined) throw inUse(home);
  try {
    const names = readdirSync(home).filter(isOurs);
    // The services of a system that was killed run on, and would write again what is removed.
    await stopLeftProcesses(home);
    for (const name of names) rmSync(join(home, name), { recursive: true, force: true });
    // As root, PostgreSQL keeps its data elsewhere.
    removeDeleted(home);
  } finally {
    release();
  }
}

/** Every folder that holds data of a system: as root, the database is outside the data folder. */
export const foldersOf = (home: string): readonly string[] => [home, ...dataOutside(home)];

/** Removes the data folder itself, unless something that is not ours is in it: gives the names of that. */
export async function removeDataFolder(home: string): Promise<readonly string[]> {
  await removeData(home);
  rmSync(addedPackagesFile(home), { force: true });
  const left = readdirSync(home);
  if (left.length === 0) rmdirSync(home);
  return left;
}

const inUse = (home: string): CodedError =>
  new CodedError(
    'not-finished',
    `A system runs on ${home}, or a command uses it.\nStop it first: ${OWN_COMMAND} down`,
  );

/** What apt added for us, over all times. */
export function addedPackages(home: string): readonly string[] {
  const file = addedPackagesFile(home);
  if (!existsSync(file)) return [];
  return [...new Set(readFileSync(file, 'utf8').split('\n'))].filter((name) => name !== '');
}
