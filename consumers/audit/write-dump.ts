/** Streaming the audit log to a file that appears only when it is complete. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7 as uuidV7 } from 'uuid';
import { scanAudit } from '../../shared/pg/audit-scan.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { LOG_HEAD, LOG_TAIL, renderEntry } from './render-entry.ts';

/** Writes one user's log, or the whole where `user` is undefined; says how many events it holds. */
export async function writeDump(
  pool: Pool,
  { path, user }: { readonly path: string; readonly user: string | undefined },
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${uuidV7()}.part`;
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
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  let count = 0;
  async function* chunks(): AsyncGenerator<string> {
    yield LOG_HEAD;
    for await (const rows of scanAudit(client, user)) {
      count += rows.length;
      yield rows.map(renderEntry).join('');
    }
    yield LOG_TAIL;
  }
  try {
    await pipeline(
      Readable.from(chunks(), { objectMode: true, highWaterMark: 2 }),
      createWriteStream(path),
    );
    return count;
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
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
