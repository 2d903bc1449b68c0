/** Writes one dump from the audit log to its place in the data folder. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { dumpFolder, dumpPath } from '../../shared/domain/dump-path.ts';
import type { OpenDump } from '../../shared/pg/dump-leases.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { writeWholeFile } from '../../shared/runtime/whole-file.ts';
import { limitBytes, roomFor } from './dump-quota.ts';
import { writeLog } from './write-log.ts';

type WriteDumpOptions = {
  /** The data folder. */
  readonly home: string;
  readonly pool: Pool;
  /** Aborted when another process has taken the dump. */
  readonly signal: AbortSignal;
};

/** A folder beside the dumps: an unfinished file counts for no quota and is never taken for a dump. */
const UNFINISHED = 'unfinished-dumps';
/** A log is confidential: only the user of the process may read it. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Writes a dump to a temporary file and renames it. Resolves to the number of events in the file; rejects
 * with a `DumpRefusal` if the quota of the trader is used up.
 */
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
 * Returns a path that no other lease of the dump uses, and removes the files of earlier leases: a
 * process that wakes from a pause then finds its file gone, and cannot replace the dump with it.
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
