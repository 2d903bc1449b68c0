/** Streaming the audit log to a file that appears only when it is complete. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { auditXml } from '../../shared/pg/audit-xml.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { newId } from '../../shared/runtime/new-id.ts';

/** Writes one user's log, or the whole where `user` is undefined; says how many events it holds. */
export async function writeDump(
  pool: Pool,
  { path, user }: { readonly path: string; readonly user: string | undefined },
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${newId()}.part`;
  try {
    const count = await stream(pool, user, temporary);
    await flush(temporary);
    await rename(temporary, path);
    await flush(dirname(path));
    return count;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function stream(pool: Pool, user: string | undefined, path: string): Promise<number> {
  let count = 0;
  const pieces = auditXml(pool, user, (rows) => (count += rows));
  await pipeline(
    Readable.from(pieces, { objectMode: true, highWaterMark: 2 }),
    createWriteStream(path),
  );
  return count;
}

/** The disk has it before the name does. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
