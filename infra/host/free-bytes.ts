/** Measures and renders disk space. */
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

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Renders a number of bytes for people, such as `1.5 GB`. */
export function renderBytes(value: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3));
  const scaled = value / 1_000 ** power;
  return `${scaled.toFixed(scaled < 10 && power > 0 ? 1 : 0)} ${UNITS[power] ?? 'B'}`;
}
