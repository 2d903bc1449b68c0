/** One dump, from the audit log to its place in the data folder. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { dumpFolder, dumpPath } from '../../shared/domain/dump-path.ts';
import type { OpenDump } from '../../shared/pg/dump-leases.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { writeWholeFile } from '../../shared/runtime/whole-file.ts';
import { limitBytes, roomFor } from './dump-quota.ts';
import { writeLog } from './write-log.ts';

export type WriteDumpOptions = {
  /** The data folder. */
  readonly home: string;
  readonly pool: Pool;
  /** Aborted when the dump is no longer ours to write. */
  readonly signal: AbortSignal;
};

/** Beside the dumps, so that an unfinished file counts for nobody and is never taken for a dump. */
const UNFINISHED = 'unfinished-dumps';
/** A log is confidential. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Resolves to the number of events in the file. */
export async function writeDump(dump: OpenDump, options: WriteDumpOptions): Promise<number> {
  const { home, pool, signal } = options;
  const path = join(home, dumpPath(dump, dump.file));
  const user = dump.scope === 'all' ? undefined : dump.user;
  const folder = join(home, dumpFolder(dump));
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const limits = user === undefined ? [] : [limitBytes(await roomFor(path, { folder }))];
  const temporary = await freshTemporary(join(home, UNFINISHED), dump);
  return await writeWholeFile(path, { temporary, mode: FILE_MODE }, (stream) =>
    writeLog(pool, user, { through: limits, into: stream, signal }),
  );
}

/**
 * A name that no other take of the dump uses. What an earlier take left is removed: a process that was
 * paused and wakes up finds its file gone, and replaces nothing.
 */
async function freshTemporary(folder: string, dump: OpenDump): Promise<string> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const key = createHash('sha256')
    .update(JSON.stringify([dump.user, dump.stream, dump.position.toString()]))
    .digest('hex')
    .slice(0, 32);
  const left = (await readdir(folder)).filter((name) => name.startsWith(key));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return join(folder, `${key}.${dump.taken_by}`);
}
