/** Measures the free space of a folder's disk. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Returns the free bytes on the disk of the folder, or of its nearest ancestor that exists. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(folder));
  return bavail * bsize;
}

/** Returns the folder, or its nearest ancestor that exists. */
export const nearestFolder = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
