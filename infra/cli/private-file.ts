/** Files that tell secrets to the user of the data folder. */
import { rmSync, writeFileSync } from 'node:fs';

/** Replaces the file with one that its user alone can read. */
export function writePrivateFile(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
}

/** Whether a person reads what we say. Elsewhere it is kept: a journal, or a file, is no place for passwords. */
export const isOnTerminal = (): boolean => process.stderr.isTTY;
