/** Removes the data that a system keeps on this machine. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { addedPackagesFile } from '../host/debian.ts';
import { stopLeftProcesses } from '../services/private/left-behind.ts';
import { dataOutside, removeDeleted } from '../services/private/postgres-data.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { demoFolder, isDataFolder, isOurs, requireDataFolder } from '../supervisor/data-folder.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/**
 * Resets the data folder to its state before the first start. Keeps foreign entries and the list of
 * packages that apt added. Removes the data of a demo too. Rejects if a system runs on the folder, or
 * if another command uses it.
 */
export async function removeData(home: string): Promise<void> {
  requireDataFolder(home);
  if (isDataFolder(demoFolder(home))) await removeData(demoFolder(home));
  if ((await findSystem(home)) !== undefined) throw inUse(home);
  const release = tryLockDataFolder(home);
  if (release === undefined) throw inUse(home);
  try {
    const names = readdirSync(home).filter(isOurs);
    // The services of a killed system still run, and would write the removed files again.
    await stopLeftProcesses(home);
    for (const name of names) rmSync(join(home, name), { recursive: true, force: true });
    // For root, PostgreSQL keeps its data outside the data folder.
    removeDeleted(home);
  } finally {
    release();
  }
}

/**
 * Returns all folders that hold data of a system: for root, the database is outside the data
 * folder.
 */
export const foldersOf = (home: string): readonly string[] => [home, ...dataOutside(home)];

/** Removes the data folder itself, unless it contains foreign entries; resolves to their names. */
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

/** Returns the names of all packages that apt ever added for this data folder. */
export function addedPackages(home: string): readonly string[] {
  const file = addedPackagesFile(home);
  if (!existsSync(file)) return [];
  return [...new Set(readFileSync(file, 'utf8').split('\n'))].filter((name) => name !== '');
}
