/** Reads command lines and environments of processes from /proc. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSystem } from '../../shared/control/control-client.ts';

export type ProcessTexts = {
  readonly pid: number;
  /** The name in the management UI, or the command if the supervisor did not start it. */
  readonly name: string;
  readonly cmdline: string;
  readonly environ: string;
};

/** Returns every readable process of the machine. Leaves out those that end meanwhile. */
export function allProcesses(): readonly ProcessTexts[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) return [];
    try {
      const read = (what: string): string => readFileSync(join('/proc', entry, what), 'utf8');
      const [cmdline, environ] = [read('cmdline'), read('environ')];
      return [{ pid, name: cmdline.split('\0')[0] ?? '', cmdline, environ }];
    } catch {
      return [];
    }
  });
}

/** Returns the processes that the supervisor started, and all that name the data folder. */
export async function processesOf(home: string): Promise<readonly ProcessTexts[]> {
  const system = await findSystem(home);
  const names = new Map(system?.info.processes.map(({ pid, name }) => [pid, name]));
  return allProcesses()
    .filter(({ pid, cmdline, environ }) => names.has(pid) || `${cmdline}${environ}`.includes(home))
    .map((each) => ({ ...each, name: names.get(each.pid) ?? each.name }));
}

/** Returns the users whose URLs, with passwords, are in the environment of a process. */
export const usersIn = ({ environ }: ProcessTexts): readonly string[] =>
  [
    ...new Set(environ.split('\0').flatMap((line) => /:\/\/([^:/]+):[^@]+@/.exec(line)?.[1] ?? [])),
  ].sort();

const OWN = ['transaction', 'quote', 'trigger', 'audit', 'intake'];

/** Returns exactly the users that a process of this name needs. */
export function usersFor(name: string, owner = 'daytrade'): readonly string[] {
  const pool = name.replace(/-\d+$/, '');
  if (pool === 'web') return [`${owner}_reader`, `${owner}_web`];
  return OWN.includes(pool) ? [`${owner}_${pool}`] : [];
}

/** Returns the files and folders that users other than their owner may use. */
export const openFilesBelow = (folder: string): readonly string[] =>
  [...filesBelow(folder)].filter((path) => {
    // A file may be removed meanwhile.
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats !== undefined && !stats.isSymbolicLink() && (stats.mode & 0o077) !== 0;
  });

function* filesBelow(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}
