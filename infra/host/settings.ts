/**
 * Stores what a private instance needs at its next start, such as ports and passwords, in a file
 * that only its owner can read.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SetUpError } from '../../shared/runtime/errors.ts';

export const newServicePassword = (): string => randomBytes(18).toString('base64url');

/**
 * Returns the stored settings; missing ones come from `make`. Throws a `SetUpError` if the file
 * exists but cannot be read: with a new password or folder id, the system would not find its data.
 */
export function readSettings<Settings extends object>(
  file: string,
  make: () => Settings,
): Settings {
  if (!existsSync(file)) return make();
  try {
    return { ...make(), ...parseSettings<Settings>(readFileSync(file, 'utf8')) };
  } catch (cause) {
    throw new SetUpError(
      [
        `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        'It has the passwords and ports of the data beside it: bring it back from a backup,',
        'or, where nothing of that data is needed, run: daytrade reset',
      ],
      { cause },
    );
  }
}

/** Throws for JSON without settings: new passwords would not match the data. */
function parseSettings<Settings>(text: string): Partial<Settings> {
  const found: unknown = JSON.parse(text);
  if (typeof found === 'object' && found !== null && Object.keys(found).length > 0) {
    if (!Array.isArray(found)) return found;
  }
  throw new Error('it holds no settings');
}

/** Reads settings that can be chosen again: treats an unreadable file as absent. */
export function readReplaceable<Settings extends object>(
  file: string,
  make: () => Settings,
): Settings {
  try {
    return readSettings(file, make);
  } catch {
    return make();
  }
}

/** Replaces the file atomically and durably, also if the power is cut. */
export function writeSettings(file: string, settings: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.part`;
  const written = openSync(temporary, 'w', 0o600);
  writeFileSync(written, JSON.stringify(settings));
  fsyncSync(written);
  closeSync(written);
  renameSync(temporary, file);
}
