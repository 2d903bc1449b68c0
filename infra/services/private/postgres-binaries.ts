/** Finds the programs of the installed versions of PostgreSQL. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POSTGRES_OLDEST } from '../../../shared/pg/probe.ts';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const INSTALLED = '/usr/lib/postgresql';

const binariesOf = (version: number, installed: string): string | undefined => {
  const bin = join(installed, version.toString(), 'bin');
  return existsSync(join(bin, 'postgres')) ? bin : undefined;
};

const newestVersion = (installed: string): number => {
  const versions = existsSync(installed) ? readdirSync(installed).map(Number) : [];
  const usable = (version: number): boolean =>
    version >= POSTGRES_OLDEST && binariesOf(version, installed) !== undefined;
  return Math.max(0, ...versions.filter(usable));
};

/** Returns the newest installed version, as people name it. */
export const newestPostgres = (): string => newestVersion(INSTALLED).toString();

/** Returns the program folder of the newest installed version, if it is recent enough. */
export const newestBinaries = (installed: string = INSTALLED): string | undefined =>
  binariesOf(newestVersion(installed), installed);

/** Returns the path of a program of that version. */
export const newestBinary = (name: string): string => join(newestBinaries() ?? '', name);

/**
 * Returns the program folder for a data directory: that of the version that made it, or the newest
 * if it does not exist yet. PostgreSQL opens the files of its own version alone. Throws a
 * `SetUpError` if that version is no longer installed.
 */
export function binariesFor(data: string, installed: string = INSTALLED): string {
  const version = versionOfData(data) ?? newestVersion(installed);
  const bin = binariesOf(version, installed);
  if (bin !== undefined) return bin;
  throw new SetUpError([
    `PostgreSQL ${version} made the database in ${data}. This machine has only version ${newestVersion(installed)}, which cannot open it.`,
    `Nothing was changed. Install postgresql-${version} again, and it starts as before; ${OWN_COMMAND} upgrade then moves it.`,
    `Or restore a backup into another DAYTRADE_HOME: ${OWN_COMMAND} restore FILE`,
  ]);
}

/**
 * Returns the newest installed version if an older one made the database. Throws a `SetUpError` if that
 * older one is no longer installed.
 */
export function newerPostgres(data: string, installed: string = INSTALLED): string | undefined {
  binariesFor(data, installed);
  const newest = newestVersion(installed);
  return newest > (versionOfData(data) ?? newest) ? newest.toString() : undefined;
}

function versionOfData(data: string): number | undefined {
  const file = join(data, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}
