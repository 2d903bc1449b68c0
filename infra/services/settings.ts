/** What a private instance must find again: its ports and its password, in a file of its owner's. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const newPassword = (): string => randomBytes(18).toString('base64url');

/** The settings as they were stored; what is missing comes from `make`. */
export function readSettings<Settings extends object>(
  file: string,
  make: () => Settings,
): Settings {
  try {
    return { ...make(), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Settings>) };
  } catch {
    return make();
  }
}

/** Replaces the file at once or not at all. */
export function writeSettings(file: string, settings: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.part`;
  writeFileSync(temporary, JSON.stringify(settings), { mode: 0o600 });
  renameSync(temporary, file);
}
