/** Base backups beside the archive of the log: with both, the database as it was at any moment since. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../shared/runtime/errors.ts';
import { newestBinaries } from '../postgres.ts';
import { dataFolder, ownerOf, type Owner } from '../postgres-data.ts';
import type { ClusterSettings } from './cluster-options.ts';
import { settingsFile } from './settings-file.ts';
import { own } from './own.ts';

/** What belongs to the databases of a replicated system, found without starting it. */
export type DatabaseFolders = {
  readonly owner: Owner;
  readonly settings: ClusterSettings;
  /** Of all members. */
  readonly folder: string;
};

export function databaseFoldersOf(home: string): DatabaseFolders {
  if (!existsSync(settingsFile(home))) {
    throw new UsageError(
      `${home} holds no replicated system: checkpoints are made of one ` +
        '(npx daytrade up --replicated), for others there is npx daytrade backup',
    );
  }
  const owner = ownerOf();
  const settings = JSON.parse(readFileSync(settingsFile(home), 'utf8')) as ClusterSettings;
  return { owner, settings, folder: dataFolder(home, settings.id, owner) };
}

const PART = '.part';
const checkpointsIn = (folder: string): string => join(folder, 'checkpoints');

/** The end of a checkpoint is its name: it holds what was committed until then. */
const nameOf = (at: Date): string => at.toISOString().replaceAll(':', '-');
const timeOf = (name: string): Date =>
  new Date(
    name.replace(/T(\d\d)-(\d\d)-/, (_all, hour: string, minute: string) => `T${hour}:${minute}:`),
  );

export type Checkpoint = { readonly at: Date; readonly path: string };

/** Oldest first; those that were not finished are none. */
export function checkpointsOf({ folder }: DatabaseFolders): readonly Checkpoint[] {
  const parent = checkpointsIn(folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => !name.endsWith(PART))
    .sort()
    .map((name) => ({ at: timeOf(name), path: join(parent, name) }));
}

/** Copies the running database; `url` is its primary's address. */
export function makeCheckpoint(folders: DatabaseFolders, url: string): Checkpoint {
  const { owner, settings, folder } = folders;
  const parent = checkpointsIn(folder);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  own(parent, folders);
  const part = join(parent, `${process.pid}${PART}`);
  const { hostname, port } = new URL(url);
  const args = [
    ...['--pgdata', part, '--host', hostname, '--port', port, '--username', 'replication'],
    ...['--wal-method', 'stream', '--checkpoint', 'fast', '--no-password'],
  ];
  const bin = newestBinaries() ?? '';
  try {
    execFileSync(join(bin, 'pg_basebackup'), args, {
      ...owner,
      cwd: '/',
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], PGPASSWORD: settings.replicationPassword },
    });
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
  const at = new Date();
  const path = join(parent, nameOf(at));
  renameSync(part, path);
  return { at, path };
}
