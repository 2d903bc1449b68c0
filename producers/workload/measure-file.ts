/** What is known of a workload file before it runs: the hash that recognises it, and its length. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { CodedError } from '../../shared/runtime/errors.ts';
import { readChunks } from './read-chunks.ts';

export type FileMeasures = {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Line ends, and one more where the last line has none: blank lines count too. */
  readonly lines: number;
};

const LINE_FEED = 0x0a;

/** Reads a file of any size once. A pipe is refused: it could not be read again to run it. */
export async function measureFile(path: string): Promise<FileMeasures> {
  if (await isPipe(path)) {
    throw new CodedError('file-unreadable', `Cannot read ${path}: it is a pipe, give a file`);
  }
  const hash = createHash('sha256');
  let lines = 0;
  let last = LINE_FEED;
  for await (const bytes of readChunks(path)) {
    hash.update(bytes);
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
      lines += 1;
    }
    last = bytes.at(-1) ?? last;
  }
  return { sha256: hash.digest('hex'), lines: last === LINE_FEED ? lines : lines + 1 };
}

async function isPipe(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    // The reading says what is wrong.
    return false;
  }
}
