/** Reads the bytes of a file in pieces of bounded size; an unreadable file is a usage error. */
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { CodedError } from '../../shared/runtime/errors.ts';

const PIECE_BYTES = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  EMFILE: 'too many files are open; raise the limit (ulimit -n), or give fewer parts',
};

/** Yields a file's bytes; each piece is valid only until the next is asked for. */
export async function* readChunks(
  path: string,
  pieceBytes: number = PIECE_BYTES,
): AsyncGenerator<Buffer> {
  const file = await orUnreadable(path, open(path, 'r'));
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const bytesRead = await orUnreadable(path, readInto(file, buffer));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The codes of zlib for a file that ends too early, and for one with corrupt content. */
const TRUNCATED = 'Z_BUF_ERROR';
const CORRUPT = 'Z_DATA_ERROR';

/** Yields the decompressed bytes of a gzip file; rejects with `workload-invalid` if it is damaged. */
export async function* readCompressed(
  path: string,
  pieceBytes: number = PIECE_BYTES,
): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: pieceBytes });
  const content = createGunzip({ chunkSize: pieceBytes });
  source.once('error', (error) => content.destroy(error));
  source.pipe(content);
  try {
    for await (const piece of content) yield piece as Buffer;
  } catch (cause) {
    const code = codeOf(cause);
    if (code !== TRUNCATED && code !== CORRUPT) throw unreadable(path, cause);
    const what =
      code === TRUNCATED ? 'the gzip file is truncated' : 'the gzip file is corrupt, or not gzip';
    throw new CodedError(
      'workload-invalid',
      `Cannot read ${path}: ${what} (gzip -t tests it). Nothing was run; get the file again.`,
      { cause },
    );
  } finally {
    source.destroy();
    content.destroy();
  }
}

async function readInto(file: FileHandle, buffer: Buffer): Promise<number> {
  // No position, so that pipes such as /dev/stdin can be read too.
  const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
  return bytesRead;
}

/** Awaits file work; rejects with `file-unreadable`, which names the file and the reason. */
export async function orUnreadable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const unreadable = (path: string, cause: unknown): CodedError =>
  new CodedError('file-unreadable', `Cannot read ${path}: ${reasonOf(cause)}`, { cause });

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';

const reasonOf = (cause: unknown): string => REASONS[codeOf(cause)] ?? String(cause);
