/** Moves the data of a data folder to the installed versions of PostgreSQL and RabbitMQ. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { plainPathOf } from '../host/plain-path.ts';
import { newerBroker } from '../services/private/older-broker.ts';
import { newerPostgres, newestPostgres } from '../services/private/postgres-binaries.ts';
import {
  databaseFolderOf,
  hasDatabase,
  ownerOf,
  removeOwnedFolder,
  upgradeFile,
} from '../services/private/postgres-data.ts';

/** A folder of data that an older version made, and the installed version. */
export type OlderData = { readonly folder: string; readonly installed: string };
export type Older = {
  readonly database: OlderData | undefined;
  readonly broker: OlderData | undefined;
};

/**
 * Returns the data that is older than the installed programs. Throws a `SetUpError` if the version of
 * PostgreSQL that made the database is no longer installed.
 */
export function findOlder(home: string): Older {
  const withVersion = (folder: string, installed: string | undefined): OlderData | undefined =>
    installed === undefined ? undefined : { folder, installed };
  const data = databaseFolderOf(home);
  const node = join(plainPathOf(home), 'rabbitmq');
  return {
    database: hasDatabase(home) ? withVersion(data, newerPostgres(data)) : undefined,
    broker: withVersion(node, newerBroker(node)),
  };
}

/** Returns the name under which an old folder is kept. */
export const keptFolder = ({ folder, installed }: OlderData): string =>
  `${folder}-before-${Number.parseInt(installed, 10)}`;

/** Throws if an earlier upgrade has kept a folder where this one would: that one must not be lost. */
export function refuseKept({ database, broker }: Older): void {
  for (const old of [database, broker]) {
    if (old === undefined || !existsSync(keptFolder(old))) continue;
    throw new CodedError(
      'not-finished',
      `An earlier upgrade kept the old data in ${keptFolder(old)}.\nRename that folder, or remove it if nothing is missed; then upgrade again.`,
    );
  }
}

/** Keeps the old folder beside the new one, which the next start makes. */
export function setAside(old: OlderData): void {
  renameSync(old.folder, keptFolder(old));
}

/** Puts the old database back if an upgrade was killed after it had set the old one aside. */
export function undoInterrupted(home: string): void {
  if (!existsSync(upgradeFile(home))) return;
  putBack({ folder: databaseFolderOf(home), installed: newestPostgres() });
  rmSync(upgradeFile(home));
}

function putBack(old: OlderData): void {
  if (!existsSync(keptFolder(old))) return;
  if (existsSync(old.folder)) removeOwnedFolder(old.folder, ownerOf());
  renameSync(keptFolder(old), old.folder);
}

type Moving = {
  /** Writes everything stored to the file, with the version that made it. */
  readonly save: (file: string) => Promise<unknown>;
  /** Makes a database of the installed version, and reads the file into it. */
  readonly load: (file: string) => Promise<unknown>;
};

/** Moves the database through a file. If that fails, the old folder is where it was. */
export async function moveDatabase(
  home: string,
  old: OlderData,
  { save, load }: Moving,
): Promise<void> {
  const file = upgradeFile(home);
  try {
    await save(file);
    setAside(old);
    await load(file).catch((error: unknown) => {
      putBack(old);
      throw error;
    });
  } finally {
    rmSync(file, { force: true });
  }
}
