/** What a private instance must find again: its port and its password, in a file of its owner's. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const newPassword = (): string => randomBytes(18).toString('base64url');

/** The settings as they were stored, or made now. */
export function settingsIn<Settings extends Readonly<Record<string, string>>>(
  file: string,
  make: () => Settings,
): Settings {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings;
  } catch {
    const settings = make();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
    return settings;
  }
}
