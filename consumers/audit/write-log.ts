/** Writes the audit log as XML into a stream. */
import { Readable, type Transform, type Writable } from 'node:stream';
import { auditXml } from '../../shared/pg/audit-xml.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { pipe } from '../../shared/runtime/pipe.ts';

type DumpTarget = {
  readonly into: Writable;
  readonly through?: readonly Transform[];
  readonly signal?: AbortSignal;
};

/** Writes one user's log, or the whole log if `user` is undefined; resolves to the number of events. */
export async function writeLog(
  pool: Pool,
  user: string | undefined,
  { into, through = [], signal }: DumpTarget,
): Promise<number> {
  let count = 0;
  const pieces = auditXml(pool, user, (rows) => (count += rows));
  // Renders up to two pages ahead of the disk.
  const source = Readable.from(pieces, { objectMode: true, highWaterMark: 2 });
  await pipe([source, ...through, into], {
    what: 'writing the log',
    ...(signal !== undefined && { signal }),
  });
  return count;
}
