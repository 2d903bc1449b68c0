/** Writes a file that appears only once it is complete and on the disk. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

type WholeFileOptions = {
  /** The path written first, removed if that fails. Its folder must exist on the same file system. */
  readonly temporary: string;
  readonly mode: number;
};

/** Writes to the temporary file and renames it to `path`. Resolves to the result of `write`. */
export async function writeWholeFile<Result>(
  path: string,
  { temporary, mode }: WholeFileOptions,
  write: (stream: Writable) => Promise<Result>,
): Promise<Result> {
  // Before writing, so that an impossible path fails at once.
  await mkdir(dirname(path), { recursive: true });
  try {
    const result = await write(createWriteStream(temporary, { mode }));
    await sync(temporary);
    await rename(temporary, path);
    await sync(dirname(path));
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Flushes a file or folder to the disk: the content before the name. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
