/**
 * Removes other users' rights on the data folder, which earlier versions or another umask granted.
 */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOurs } from './data-folder.ts';

const OWNER_ONLY = 0o700;
const OTHERS = 0o077;

/** A folder of ours that uninstalling keeps, so `isOurs` does not include it. */
const ARCHIVES = 'archives';

/**
 * Removes the rights of group and others from the entries that are ours. DAYTRADE_HOME may name a
 * folder that holds other things too.
 */
export function restrictDataFolder(home: string): void {
  for (const name of readdirSync(home)) {
    if (!isOurs(name) && name !== ARCHIVES) continue;
    const path = join(home, name);
    const found = lstatSync(path);
    // A folder without rights for others protects what is in it, so no recursion is needed.
    if (found.isSymbolicLink() || (found.mode & OTHERS) === 0) continue;
    chmodSync(path, found.mode & OWNER_ONLY);
  }
}
