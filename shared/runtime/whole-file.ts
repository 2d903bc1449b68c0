/** A file that appears only when it is complete, and only when the disk has it. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

export type WholeFileOptions = {
  /** Written first, and removed if that fails. Its folder exists, on the file system of the file. */
  readonly temporary: string;
  readonly mode: number;
};

/** Resolves to what `write` resolved to, once the file is there. */
export async function writeWholeFile<Result>(
  path: string,
  { temporary, mode }: WholeFileOptions,
  write: (stream: Writable) => Promise<Result>,
): Promise<Result> {
  // A path that cannot be is told before anything is written.
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

/** The disk has the content before the folder has the name. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
