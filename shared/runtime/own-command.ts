/** How a person calls the command line here: printed advice must work when it is typed as it stands. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** The launcher that `npm link` puts on the PATH. */
const LAUNCHER = join(packageRoot, 'infra/setup/daytrade.mjs');

/** `daytrade` where the PATH finds the launcher of this checkout by that name, else Node and its path. */
export function findOwnCommand(path: string, launcher: string = LAUNCHER): string {
  const found = path
    .split(delimiter)
    .map((folder) => join(folder, 'daytrade'))
    .find((file) => existsSync(file));
  const isOurs = found !== undefined && realpathSync(found) === realpathSync(launcher);
  return isOurs ? 'daytrade' : `node ${quoteForShell(launcher)}`;
}

/** As a shell takes it for one word. */
export const quoteForShell = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Begins every command that is printed for a person to type. */
export const OWN_COMMAND: string = findOwnCommand(process.env['PATH'] ?? '');
