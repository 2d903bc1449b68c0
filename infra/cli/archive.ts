/** `daytrade archive` and `unarchive`: move old months of the audit log into files, and back. */
import type { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { parseMonth, type Month } from '../../shared/pg/audit-archive.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { archiveAudit, unarchiveAudit } from '../operations/archive.ts';
import { withDatabase } from './open-database.ts';
import { checkOutputFolder } from './output-file.ts';
import { count, fromUser, say } from './output.ts';
import { readableFile } from './readable-file.ts';

type Options = { readonly before: string; readonly to?: string };

export function registerArchive(program: Command): void {
  program
    .command('archive')
    .description('move old months of the audit log into compressed files')
    .requiredOption('--before <month>', 'move the months before this one, such as 2026-09 (UTC)')
    .option('--to <folder>', 'the folder of the files (default: archives in the data folder)')
    .action(archive);
  program
    .command('unarchive')
    .description('bring a month of the audit log back into the database')
    .argument('<file>', 'a file that archive wrote, such as audit-2026-08.csv.gz')
    .action(unarchive);
}

async function archive({ before, to }: Options): Promise<void> {
  const { home } = readConfig(process.env);
  const month = pastMonth(before);
  const folder = await checkOutputFolder(to ?? join(home, 'archives'));
  let archived = 0;
  await withDatabase('archive', (pool) =>
    archiveAudit(pool, {
      before: month,
      folder,
      onArchived: ({ month: name, rows, file }) => {
        archived += 1;
        say(`${name}: ${count(rows)} events, ${file}`);
      },
    }),
  );
  if (archived === 0) say(`There is nothing of a month before ${before}.`);
}

async function unarchive(name: string): Promise<void> {
  const file = readableFile(fromUser(name));
  const month = parseMonth(/^audit-(\d{4}-\d{2})\.csv\.gz$/.exec(basename(file))?.[1] ?? '');
  if (month === undefined) throw new UsageError(`${name}: expected a name audit-2026-08.csv.gz`);
  const rows = await withDatabase('unarchive', (pool) =>
    unarchiveAudit(pool, month, () => createReadStream(file)).catch((error: unknown) => {
      throw isDamaged(error) ? damaged(file, error) : error;
    }),
  );
  say(`${month.name}: ${count(rows)} events are in the audit log again.`);
}

/** Returns whether the decompression failed, rather than the file access or the database. */
const isDamaged = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');

const damaged = (file: string, cause: unknown): CodedError =>
  new CodedError('file-unreadable', `Cannot read ${file}: it is damaged or cut off`, { cause });

/**
 * Parses `--before`. Months before the current one are over; the current month still receives
 * events.
 */
function pastMonth(text: string): Month {
  const month = parseMonth(text);
  if (month === undefined) throw new UsageError(`--before ${text}: expected a month, 2026-09`);
  if (month.fromMs <= Date.now()) return month;
  throw new UsageError(`--before ${text}: only months that are over can be archived`);
}
