/** Limits the disk space of a trader's dumps, so that nobody fills the disk with dumps of the same log. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { DumpRefusal } from './dump-refusal.ts';

/** A thousand times the log of a busy user (10,000 commands are about 6 MB). */
const QUOTA_BYTES: number = 256 * 1_024 * 1_024;
/** The most files and folders, each of which takes at least 4 KiB of the disk. */
export const QUOTA_ENTRIES = 1_000;

/** Returns the bytes that a trader's next file may have; throws a `DumpRefusal` if the folder is full. */
export async function roomFor(
  path: string,
  { folder, quotaBytes = QUOTA_BYTES }: { readonly folder: string; readonly quotaBytes?: number },
): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const added = path.slice(folder.length + 1).split('/').length;
  const taken = await Promise.all(names.map((name) => fileBytes(join(folder, name), path)));
  const isThere = taken.includes(undefined);
  if (!isThere && names.length + added > QUOTA_ENTRIES) throw refusal();
  const room = quotaBytes - taken.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  if (room <= 0) throw refusal();
  return room;
}

/** Returns the size of a file; undefined for the file that the dump replaces. */
async function fileBytes(name: string, replaced: string): Promise<number | undefined> {
  if (name === replaced) return undefined;
  const found = await stat(name).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}

/** Passes `most` bytes on, and fails with a `DumpRefusal` at the next one. */
export function limitBytes(most: number): Transform {
  let room = most;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      room -= chunk.length;
      if (room < 0) done(refusal());
      else done(undefined, chunk);
    },
  });
}

const refusal = (): DumpRefusal =>
  new DumpRefusal(
    'dump-quota-exceeded',
    `your dumps may take ${QUOTA_BYTES / 1_024 / 1_024} MiB and ${QUOTA_ENTRIES} files and folders: ` +
      'give the name of an earlier dump, which is then replaced, or ask an administrator to remove some',
  );
