/** A file's bytes in order, a bounded piece at a time; a file that cannot be read is a usage fault. */
import { open, type FileHandle } from 'node:fs/promises';
import { CodedError } from '../../shared/runtime/errors.ts';

const CHUNK_BYTES = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

/** Yields a file's bytes; each piece is valid only until the next is asked for. */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = await orUnreadable(path, open(path, 'r'));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const bytesRead = await orUnreadable(path, readInto(file, buffer));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function readInto(file: FileHandle, buffer: Buffer): Promise<number> {
  // No position, so that pipes such as /dev/stdin can be read too.
  const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
  return bytesRead;
}

async function orUnreadable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new CodedError('file-unreadable', `Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const isCoded = typeof cause === 'object' && cause !== null && 'code' in cause;
  return REASONS[isCoded ? String(cause.code) : ''] ?? String(cause);
}
