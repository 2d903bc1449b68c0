/** Old months of the audit log, into compressed files and back. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  archivableMonths,
  copyMonthIn,
  copyMonthOut,
  dropMonth,
  isWaitingFor,
  makeMonth,
  type Month,
} from '../../shared/pg/audit-archive.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import { CodedError } from '../../shared/runtime/errors.ts';

export type Archived = { readonly month: string; readonly rows: number; readonly file: string };

export type ArchiveOptions = {
  /** Months that ended before it began are archived. */
  readonly before: Month;
  readonly folder: string;
  readonly onArchived: (archived: Archived) => void;
};

/** Month by month: each is dropped when its file has been read again to its end, and not before. */
export async function archiveAudit(pool: Pool, options: ArchiveOptions): Promise<void> {
  await mkdir(options.folder, { recursive: true });
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

/** The file is there whole or not at all. */
async function writeMonth(pool: Pool, month: Month, file: string): Promise<number> {
  const part = `${file}.part`;
  const client = await pool.connect();
  try {
    const rows = copyMonthOut(client, month);
    const written = openDigest();
    await pipeline(rows, written.stream, createGzip(), createWriteStream(part, { mode: 0o600 }));
    await sync(part);
    const read = openDigest();
    await pipeline(createReadStream(part), createGunzip(), read.stream.resume());
    if (read.value() !== written.value()) {
      throw new CodedError('not-finished', `${part} cannot be read as it was written`);
    }
    await rename(part, file);
    return rows.rowCount;
  } finally {
    client.release();
    await rm(part, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
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

/** Brings a file's month back, wholly or not at all; gives its rows. */
export async function unarchiveAudit(
  pool: Pool,
  month: Month,
  readFile: () => Readable,
): Promise<number> {
  // To its end first: a COPY that is broken off in the middle never ends.
  await pipeline(readFile(), createGunzip(), openDigest().stream.resume());
  return await inTransaction(pool, async (client) => {
    const expected = await makeMonth(client, month);
    if (expected === undefined) {
      throw new CodedError('usage-invalid', `${month.name} is not archived in this database`);
    }
    const rows = copyMonthIn(client);
    await pipeline(readFile(), createGunzip(), rows);
    if (rows.rowCount === expected) return expected;
    throw new CodedError(
      'not-finished',
      `the file has ${rows.rowCount} rows instead of ${expected}`,
    );
  });
}
