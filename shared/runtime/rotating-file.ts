/** A log file that is renamed when it is full; the oldest file is deleted. */
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

interface RotatingFile {
  /** Writes synchronously, so that a crash of the process afterwards loses no bytes. */
  append(chunk: Uint8Array | string): void;
}

type RotationBounds = { readonly bytesMax: number; readonly filesMax: number };

/** Ten million bytes per file and five files per process, together about 100,000 lines. */
const LOG_BOUNDS: RotationBounds = { bytesMax: 10_000_000, filesMax: 5 };

/** Opens a file such as `process.log`. Full files become `process.log.1` (the newest), `.2` and so on. */
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
