/** `daytrade rewind`: a replicated database as it was at a moment before a mistake. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { databaseFoldersOf } from '../services/replicated/checkpoints.ts';
import { restoreTo } from '../services/replicated/restore.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { say } from './output.ts';

export function registerRewind(program: Command): void {
  program
    .command('rewind')
    .description('bring the database of a stopped replicated system back to a moment')
    .requiredOption('--to <time>', 'such as 2026-11-25T14:03:00Z; not before the oldest checkpoint')
    .action(async ({ to }: { readonly to: string }) => {
      const { home } = readConfig(process.env);
      const folders = databaseFoldersOf(home);
      const release = tryLockDataFolder(home);
      if (release === undefined) {
        throw new UsageError(`a system runs on ${home}: stop it first (npx daytrade down)`);
      }
      try {
        const aside = await restoreTo({ home, folders, to: parseTime(to) });
        say(`The database is as it was at ${to}. What was there before is kept in ${aside}.`);
        say('npx daytrade up starts it; npx daytrade verify reconciles it.');
      } finally {
        release();
      }
    });
}

/** A moment with its zone, in the past. Throws a `UsageError` where it is none. */
export function parseTime(text: string): Date {
  const time = new Date(text);
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  if (Number.isNaN(time.getTime()) || !hasZone || time.getTime() > Date.now()) {
    throw new UsageError(`--to ${text}: expected a past time with its zone, 2026-11-25T14:03:00Z`);
  }
  return time;
}
