/** Moves old months of the audit log into compressed files, and back. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import {
  archivableMonths,
  copyMonthIn,
  copyMonthOut,
  dropMonth,
  isWaitingFor,
  prepareMonth,
  type Month,
} from '../../shared/pg/audit-archive.ts';
import { withConnection } from '../../shared/pg/connection.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { pipe } from '../../shared/runtime/pipe.ts';
import { writeWholeFile } from '../../shared/runtime/whole-file.ts';

export type Archived = { readonly month: string; readonly rows: number; readonly file: string };

type ArchiveOptions = {
  /** Months that ended before this one began are archived. */
  readonly before: Month;
  readonly folder: string;
  readonly onArchived: (archived: Archived) => void;
};

/**
 * Archives month by month. Drops a month only after its file has been read back completely. Throws
 * `not-finished` if audit messages of a month still wait in the outbox, or if a file does not hold
 * what was written.
 */
export async function archiveAudit(pool: Pool, options: ArchiveOptions): Promise<void> {
  for (const month of await archivableMonths(pool, options.before)) {
    if (await isWaitingFor(pool, month)) {
      throw new CodedError(
        'not-finished',
        `Audit messages of ${month.name} wait to be stored; start the system, then try again.`,
      );
    }
    const file = join(options.folder, `audit-${month.name}.csv.gz`);
    const rows = await writeMonth(pool, month, file);
    await inTransaction(pool, (client) => dropMonth(client, month, { rows, file }));
    options.onArchived({ month: month.name, rows, file });
  }
}

/** Writes the file completely or not at all; resolves to the number of rows. */
async function writeMonth(pool: Pool, month: Month, file: string): Promise<number> {
  const temporary = `${file}.${newId()}.part`;
  const written = openDigest();
  return await writeWholeFile(file, { temporary, mode: 0o600 }, async (stream) => {
    const rows = await withConnection(pool, async (client) => {
      const copy = copyMonthOut(client, month);
      await pipe([copy, written.stream, createGzip(), stream], { what: `writing ${file}` });
      return copy.rowCount;
    });
    const digest = written.value();
    await expectDigest(temporary, digest, 'cannot be read as it was written');
    // Never overwrites a file with other events: it may be their only copy.
    if (existsSync(file)) await expectDigest(file, digest, 'exists and holds other events');
    return rows;
  });
}

async function expectDigest(file: string, expected: string, fault: string): Promise<void> {
  const read = openDigest();
  await pipe([createReadStream(file), createGunzip(), read.stream.resume()], {
    what: `reading ${file}`,
  });
  if (read.value() === expected) return;
  throw new CodedError('not-finished', `${file} ${fault}; nothing was dropped.`);
}

function openDigest(): { readonly stream: Transform; readonly value: () => string } {
  const hash = createHash('sha256');
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  return { stream, value: () => hash.digest('hex') };
}

/** Restores the month of a file completely or not at all; resolves to its number of rows. */
export async function unarchiveAudit(
  pool: Pool,
  month: Month,
  readFile: () => Readable,
): Promise<number> {
  // Reads the file to its end first, because a COPY that is interrupted in the middle never ends.
  await pipe([readFile(), createGunzip(), openDigest().stream.resume()], {
    what: 'reading the archive',
  });
  return await inTransaction(pool, async (client) => {
    const made = await prepareMonth(client, month);
    if (made === undefined) {
      throw new CodedError('usage-invalid', `${month.name} is not archived in this database`);
    }
    const copy = copyMonthIn(client, made);
    await pipe([readFile(), createGunzip(), copy], { what: 'reading the archive' });
    if (copy.rowCount !== made.rows) {
      throw new CodedError(
        'not-finished',
        `the file has ${copy.rowCount} rows instead of ${made.rows}`,
      );
    }
    await made.attach();
    return made.rows;
  });
}
