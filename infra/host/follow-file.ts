/** Follows the lines that are added to a file, across rotations. */
import { StringDecoder } from 'node:string_decoder';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const POLL_MS = 200;
const PIECE_BYTES = 64 * 1_024;

/**
 * Calls `onLine` for each line added from now on; returns the function that ends this. Waits for a
 * file that does not exist yet.
 */
export function followFile(path: string, onLine: (line: string) => void): () => void {
  let file = openAtEnd(path);
  const decoder = new StringDecoder('utf8');
  let unfinished = '';
  const read = (): void => {
    if (file === undefined) {
      const opened = tryOpen(path);
      if (opened !== undefined) file = { ...opened, position: 0 };
      return;
    }
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const length = readSync(file.descriptor, piece, 0, PIECE_BYTES, file.position);
      if (length === 0) break;
      file.position += length;
      const lines = `${unfinished}${decoder.write(piece.subarray(0, length))}`.split('\n');
      unfinished = lines.pop() ?? '';
      lines.filter((line) => line !== '').forEach(onLine);
    }
    // The old file is read completely. If the name now belongs to a new file, reads that one next.
    if (statSync(path, { throwIfNoEntry: false })?.ino === file.inode) return;
    closeSync(file.descriptor);
    file = undefined;
  };
  const timer = setInterval(read, POLL_MS);
  return () => {
    clearInterval(timer);
    if (file !== undefined) closeSync(file.descriptor);
  };
}

type Opened = { readonly descriptor: number; readonly inode: number; position: number };

function openAtEnd(path: string): Opened | undefined {
  const opened = tryOpen(path);
  return opened && { ...opened, position: fstatSync(opened.descriptor).size };
}

function tryOpen(path: string): Opened | undefined {
  try {
    const descriptor = openSync(path, 'r');
    return { descriptor, inode: fstatSync(descriptor).ino, position: 0 };
  } catch {
    return undefined;
  }
}
