/**
 * `daytrade restore`: replaces everything stored with a backup, or with its state at a past moment.
 */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { restore as restoreFile } from '../operations/backup.ts';
import { requireDataFolder } from '../supervisor/data-folder.ts';
import { databaseFoldersOf } from '../services/replicated/checkpoints.ts';
import { restoreTo } from '../services/replicated/restore.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { confirm } from './confirm.ts';
import { makeDataFolder } from './data-folder.ts';
import { onInterrupt } from './interrupt.ts';
import { withDatabase } from './open-database.ts';
import { fromUser, say } from './output.ts';
import { pastTime } from './past-time.ts';
import { readableFile } from './readable-file.ts';
import { OWN_COMMAND, startCommand } from '../../shared/runtime/own-command.ts';

type Options = { readonly yes?: true; readonly to?: string };

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('replace all stored data by a backup, or by its state at an earlier time')
    .argument('[file]', 'a file that backup wrote; asks before it replaces anything')
    .option(
      '--to <time>',
      'the state at this time, such as 2026-11-25T14:03:00Z (replicated systems; see checkpoint)',
    )
    .option('--yes', 'do not ask')
    .action(async (file: string | undefined, { to, yes }: Options) => {
      if ((file === undefined) === (to === undefined)) {
        throw new UsageError('restore takes the file of a backup, or --to and a time');
      }
      if (file !== undefined) await restoreBackup(readableFile(fromUser(file)), yes);
      if (to !== undefined) await restoreMoment(pastTime('--to')(to));
    });
}

async function restoreBackup(file: string, yes: true | undefined): Promise<void> {
  const { home } = readConfig(process.env);
  if ((await findSystem(home)) !== undefined) throw runs(home);
  await confirm(`Replace everything stored on ${home} by what ${file} holds?`, yes);
  makeDataFolder(home);
  await withDatabase('restore', (_pool, url) => restoreFile(url, file), { mayBeNew: true });
  say(`Restored. To start it: ${startCommand(home)}`);
}

/** Restores without asking, because the previous data is kept. */
async function restoreMoment(to: Date): Promise<void> {
  const { home } = readConfig(process.env);
  requireDataFolder(home);
  const folders = databaseFoldersOf(home);
  const release = tryLockDataFolder(home);
  if (release === undefined) throw runs(home);
  try {
    const { signal } = onInterrupt();
    const aside = await restoreTo({ home, folders, to, signal, say });
    say(`The database is as it was at ${to.toISOString()}.`);
    say(`What was there before is kept in ${aside}; remove it when nothing of it is missed.`);
    say(`To start it: ${OWN_COMMAND} up. To reconcile it: ${OWN_COMMAND} verify`);
  } finally {
    release();
  }
}

const runs = (home: string): CodedError =>
  new CodedError('not-finished', `A system runs on ${home}.\nStop it first: ${OWN_COMMAND} down`);
