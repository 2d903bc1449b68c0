/**
 * Stores why the last start on a data folder failed, for a later command: the start may have run
 * under systemd.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type StartFailure = { readonly at: string; readonly reason: string };

const file = (home: string): string => join(home, 'start-failed.json');

/** Returns undefined if the last start did not fail, or if the file cannot be read. */
export function readStartFailure(home: string): StartFailure | undefined {
  try {
    const found = (JSON.parse(readFileSync(file(home), 'utf8')) ?? {}) as Partial<StartFailure>;
    const { at, reason } = found;
    return typeof at === 'string' && typeof reason === 'string' ? { at, reason } : undefined;
  } catch {
    return undefined;
  }
}

export function writeStartFailure(home: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const failure: StartFailure = { at: new Date().toISOString(), reason };
  try {
    writeFileSync(file(home), JSON.stringify(failure), { mode: 0o600 });
  } catch {
    // Ignores the error, such as a full disk: the terminal already shows why the start failed.
  }
}

export const removeStartFailure = (home: string): void =>
  rmSync(file(home), { recursive: true, force: true });
