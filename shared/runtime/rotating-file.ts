/** A log file that is set aside when it has grown, and forgotten when others came after it. */
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

export interface RotatingFile {
  /** The bytes are with the operating system when it returns: a crash afterwards loses none. */
  append(chunk: Uint8Array | string): void;
}

export type RotationBounds = { readonly bytesMax: number; readonly filesMax: number };

/** Ten million bytes a file, five files a process: about 100,000 lines back. */
export const LOG_BOUNDS: RotationBounds = { bytesMax: 10_000_000, filesMax: 5 };

/** `process.log`, and beside it `process.log.1` (the newest set aside) and so on. */
export function openRotatingFile(
  path: string,
  { bytesMax, filesMax }: RotationBounds = LOG_BOUNDS,
): RotatingFile {
  let size = sizeOf(path);
  const rotate = (): void => {
    rmSync(`${path}.${filesMax - 1}`, { force: true });
    for (let index = filesMax - 2; index >= 1; index -= 1) {
      renameIfThere(`${path}.${index}`, `${path}.${index + 1}`);
    }
    renameIfThere(path, `${path}.1`);
    size = 0;
  };
  return {
    append: (chunk) => {
      if (size > 0 && size + chunk.length > bytesMax) rotate();
      appendFileSync(path, chunk);
      size += chunk.length;
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to);
}
