/** The command by which a person calls this command line, so that printed advice works as it is. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isClone, packageRoot } from './package-root.ts';

/** The launcher, which `npm link` adds to the PATH. */
const LAUNCHER = join(packageRoot, 'infra/setup/daytrade.mjs');

/**
 * Returns `daytrade` if that name finds this package's launcher on the PATH, else `node` and its path. `npx` adds
 * the programs of a project to the PATH, where the user's shell does not find them: then it returns `npx --no-install daytrade`.
 */
export function findOwnCommand(path: string, launcher: string = LAUNCHER): string {
  const found = path
    .split(delimiter)
    .map((folder) => join(folder, 'daytrade'))
    .find((file) => existsSync(file));
  const isOurs = found !== undefined && realpathSync(found) === realpathSync(launcher);
  if (!isOurs) return `node ${quoteForShell(launcher)}`;
  return found.includes('/node_modules/.bin/') ? 'npx --no-install daytrade' : 'daytrade';
}

/** Quotes a text so that a shell reads it as one word. */
export const quoteForShell = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** The start of every command that is printed for a person to type. */
export const OWN_COMMAND: string = findOwnCommand(process.env['PATH'] ?? '');

/** The command that runs the system on the default data folder. */
export const START_COMMAND: string = isClone ? 'npm start' : `${OWN_COMMAND} up`;

/**
 * Returns the command that starts the system on the data folder. It names a folder that this command
 * was given, because the default is another.
 */
export const startCommand = (
  home: string,
  given: string = process.env['DAYTRADE_HOME'] ?? '',
): string =>
  given === '' ? START_COMMAND : `DAYTRADE_HOME=${quoteForShell(home)} ${START_COMMAND}`;
