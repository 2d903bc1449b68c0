/** What earlier versions, or another umask, left open to everybody on the machine. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOurs } from '../operations/data-folder.ts';

const OWNER_ONLY = 0o700;
const OTHERS = 0o077;

/** Uninstalling leaves it. */
const ARCHIVES = 'archives';

/** Takes everybody else's rights from what is ours. DAYTRADE_HOME may name a folder that holds more. */
export function closeDataFolder(home: string): void {
  for (const name of readdirSync(home)) {
    if (!isOurs(name) && name !== ARCHIVES) continue;
    const path = join(home, name);
    const found = lstatSync(path);
    // A closed folder closes what is in it.
    if (found.isSymbolicLink() || (found.mode & OTHERS) === 0) continue;
    chmodSync(path, found.mode & OWNER_ONLY);
  }
}
