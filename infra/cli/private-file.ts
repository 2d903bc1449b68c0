/** Files with secrets for the user of the data folder. */
import { rmSync, writeFileSync } from 'node:fs';

/** Replaces the file with one that only its user can read. */
export function writePrivateFile(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
}

/**
 * Returns whether a person reads the output. Otherwise a journal or a file keeps it, and it must
 * not contain passwords.
 */
export const isOnTerminal = (): boolean => process.stderr.isTTY;
