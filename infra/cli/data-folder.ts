/** Makes the data folder before anything is stored in it. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../../shared/runtime/errors.ts';
import { markDataFolder } from '../supervisor/data-folder.ts';

/**
 * Makes the folder with its parents, and marks it. Throws a `ConfigError` if it cannot be written,
 * or belongs to another program.
 */
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

/** Makes the parents itself, because Node's recursive `mkdir` never ends below /proc. */
function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    mkdirSync(folder);
  } else if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
}
