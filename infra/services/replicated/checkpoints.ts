/**
 * Makes base backups (checkpoints) next to the archive of the write-ahead log. Together they allow
 * a restore to any moment after the oldest checkpoint.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CodedError, UsageError } from '../../../shared/runtime/errors.ts';
import type { MachineInfo } from '../../../shared/control/system-info.ts';
import {
  makeFoldersAsOwner,
  removeAsOwner,
  renameAsOwner,
  runAsOwner,
  type Owner,
} from '../../host/as-owner.ts';
import { newestBinary } from '../private/postgres-binaries.ts';
import { dataFolder, ownerOf } from '../private/postgres-data.ts';
import { newClusterSettings, type ClusterSettings } from './cluster-options.ts';
import { archiveFolder, asideFolder } from './patroni.ts';
import { readMembers } from './read-members.ts';
import { readSettings } from '../../host/settings.ts';
import { settingsFile } from './settings-file.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const run = promisify(execFile);

/** The databases of a replicated system, found without starting it. */
export type DatabaseFolders = {
  readonly owner: Owner;
  readonly settings: ClusterSettings;
  /** The folder that holds the data of all members. */
  readonly folder: string;
};

/** Throws a `UsageError` if the data folder holds no replicated system. */
export function databaseFoldersOf(home: string): DatabaseFolders {
  if (!existsSync(settingsFile(home))) {
    throw new UsageError(
      `${home} holds no replicated system: checkpoints are made of one ` +
        `(${OWN_COMMAND} up --replicated), for others there is ${OWN_COMMAND} backup`,
    );
  }
  const owner = ownerOf();
  const settings = readSettings(settingsFile(home), newClusterSettings);
  return { owner, settings, folder: dataFolder(home, settings.id, owner) };
}

const PART = '.part';
const checkpointsIn = (folder: string): string => join(folder, 'checkpoints');

/** A checkpoint's name is the time of its end: it contains what was committed until then. */
const nameOf = (at: Date): string => at.toISOString().replaceAll(':', '-');
const timeOf = (name: string): Date =>
  new Date(
    name.replace(/T(\d\d)-(\d\d)-/, (_all, hour: string, minute: string) => `T${hour}:${minute}:`),
  );

export type Checkpoint = { readonly at: Date; readonly path: string };

/** Returns the complete checkpoints, oldest first. */
export function checkpointsOf({ folder }: DatabaseFolders): readonly Checkpoint[] {
  const parent = checkpointsIn(folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => !name.endsWith(PART))
    .sort()
    .map((name) => ({ at: timeOf(name), path: join(parent, name) }));
}

/**
 * Copies the running database, then deletes all checkpoints but the newest `keep`, and the archived
 * segments that none of these needs. Rejects with a `CodedError` if no machine is the primary.
 */
export async function makeCheckpoint(
  folders: DatabaseFolders,
  machines: readonly MachineInfo[],
  keep: number,
): Promise<Checkpoint> {
  const { owner, settings, folder } = folders;
  const { hostname, port } = new URL(await primaryUrl(machines));
  const parent = checkpointsIn(folder);
  makeFoldersAsOwner(owner, [parent]);
  const part = join(parent, `${process.pid}${PART}`);
  const args = [
    ...['--pgdata', part, '--host', hostname, '--port', port, '--username', 'replication'],
    ...['--wal-method', 'stream', '--checkpoint', 'fast', '--no-password'],
  ];
  try {
    await run(newestBinary('pg_basebackup'), args, {
      ...owner,
      cwd: '/',
      env: { PATH: process.env['PATH'], PGPASSWORD: settings.replicationPassword },
    });
  } catch (error) {
    removeAsOwner(owner, [part]);
    throw error;
  }
  const at = new Date();
  const path = join(parent, nameOf(at));
  renameAsOwner(owner, part, path);
  await dropOlder(folders, keep);
  return { at, path };
}

async function primaryUrl(machines: readonly MachineInfo[]): Promise<string> {
  const { databases } = await readMembers(machines);
  const primary = databases.find(({ role }) => role === 'primary')?.machine;
  const machine = machines.find(({ name }) => name === primary);
  if (machine !== undefined) return machine.databaseUrl;
  throw new CodedError('not-finished', 'No machine is the primary now; try again.');
}

async function dropOlder(folders: DatabaseFolders, keep: number): Promise<void> {
  const all = checkpointsOf(folders);
  const kept = all.slice(-keep);
  const { owner } = folders;
  removeAsOwner(
    owner,
    all.slice(0, -keep).map(({ path }) => path),
  );
  const [oldest] = kept;
  if (oldest === undefined) return;
  const label = runAsOwner(owner, 'cat', [join(oldest.path, 'backup_label')]);
  const first = firstSegmentOf(label);
  const archive = archiveFolder(folders.folder);
  for (const folder of [archive, asideFolder(archive)]) {
    if (existsSync(folder)) {
      await run(newestBinary('pg_archivecleanup'), [folder, first], { ...owner, cwd: '/' });
    }
  }
}

/**
 * Returns the name of the first log segment that a checkpoint needs, from its label. Exported for
 * its test.
 */
export function firstSegmentOf(label: string): string {
  const segment = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$/m.exec(label)?.[1];
  if (segment === undefined) throw new TypeError(`no label of a checkpoint: ${label}`);
  return segment;
}
