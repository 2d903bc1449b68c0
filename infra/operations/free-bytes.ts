/** How much room there is on the disk of a folder. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Of the folder, or of the first above it that exists. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(folder));
  return bavail * bsize;
}

export const nearestFolder = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
