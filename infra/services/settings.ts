/** What a private instance must find again: its ports and its password, in a file of its owner's. */
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

export const newPassword = (): string => randomBytes(18).toString('base64url');

/**
 * The settings as they were stored; what is missing comes from `make`. Throws a `SetUpError` where there is a
 * file that cannot be read: with another password, or another folder's id, the data would not be found.
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

/** Throws for JSON that is none of ours: passwords would be made anew, and the data not found. */
function parseSettings<Settings>(text: string): Partial<Settings> {
  const found: unknown = JSON.parse(text);
  if (typeof found === 'object' && found !== null && Object.keys(found).length > 0) {
    if (!Array.isArray(found)) return found;
  }
  throw new Error('it holds no settings');
}

/** The same for what can be chosen anew: a file that cannot be read counts as none. */
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

/** Replaces the file at once or not at all, also where the power is cut. */
export function writeSettings(file: string, settings: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.part`;
  const written = openSync(temporary, 'w', 0o600);
  writeFileSync(written, JSON.stringify(settings));
  fsyncSync(written);
  closeSync(written);
  renameSync(temporary, file);
}
