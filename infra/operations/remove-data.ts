/** Removing what a system keeps on this machine. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { addedPackagesFile } from '../services/debian.ts';
import { removeDeleted } from '../services/postgres-data.ts';
import { stopLeftProcesses } from '../services/left-behind.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/** What a system puts into its data folder. DAYTRADE_HOME may name a folder that holds more. */
const OURS: readonly RegExp[] = [
  /^(logs|traces|((user|administrator|unfinished)-)?dumps|web|bench|chaos|haproxy)$/,
  /^(metrics|system|replicated)\.json$/,
  /^(addresses|administrator)$/,
  /^patroni-[abc]\.yml$/,
  /^(postgresql|rabbitmq|epmd|etcd|haproxy)(-[abc])?(\.json|\.pid|\.part)?$/,
  /^(start-failed\.json|restore\.pid)$/,
];
/** Whether an entry of the data folder is a system's. */
export const isOurs = (name: string): boolean => OURS.some((own) => own.test(name));

/**
 * The data folder is then as before the first start; what is not ours and the list of packages that
 * apt added stay. Rejects where a system runs on it, or another command starts or stops one.
 */
export async function removeData(home: string): Promise<void> {
  if (!existsSync(home)) return;
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

/** Removes the data folder itself. False where something of somebody else's is in it. */
export async function removeDataFolder(home: string): Promise<boolean> {
  await removeData(home);
  rmSync(addedPackagesFile(home), { force: true });
  if (!existsSync(home)) return true;
  if (readdirSync(home).length > 0) return false;
  rmdirSync(home);
  return true;
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
