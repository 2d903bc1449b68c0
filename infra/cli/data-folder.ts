/** The data folder, made before anything is put into it. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../../shared/runtime/errors.ts';
import { markDataFolder } from '../operations/data-folder.ts';

/** Makes a folder and those above it. Throws a `ConfigError` where it cannot be written. */
export function makeDataFolder(home: string): void {
  try {
    makeFolder(home);
    accessSync(home, constants.W_OK | constants.X_OK);
    markDataFolder(home);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `The data folder ${home} cannot be written: ${reason}\n` +
        'Give another by DAYTRADE_HOME, or see that you may write there.',
      { cause },
    );
  }
}

/** Step by step: Node's own recursion never ends below /proc. */
function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    mkdirSync(folder);
  } else if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
}
