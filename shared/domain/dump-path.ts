/** Where a dump is written, so that nobody's dump replaces somebody else's. Source: SPEC §3.2a. */

/** Whole logs that a workload, a sender or an operator asked for. */
const OPERATORS = 'dumps';
/** A folder for each trader. */
const TRADERS = 'user-dumps';
/** A folder for each administrator who asked for the whole log on the web. */
const ADMINISTRATORS = 'administrator-dumps';

/** The folders of the data folder that hold dumps. */
export const DUMP_FOLDERS: readonly string[] = [
  OPERATORS,
  TRADERS,
  ADMINISTRATORS,
  'unfinished-dumps',
];

export type DumpOwner = {
  readonly user: string;
  readonly scope: 'user' | 'all';
  /** Of the command that asked. */
  readonly stream: string;
};

/** The folder for an owner's dumps, relative to the data folder. */
export function dumpFolder({ user, scope, stream }: DumpOwner): string {
  if (scope === 'user') return `${TRADERS}/${folderName(user)}`;
  const administrator = administratorOf(stream);
  return administrator === undefined ? OPERATORS : `${ADMINISTRATORS}/${folderName(administrator)}`;
}

/** The path of a dump, relative to the data folder. */
export const dumpPath = (owner: DumpOwner, file: string): string =>
  [
    dumpFolder(owner),
    ...file.split('/').reduce<string[]>((path, segment) => {
      if (segment === '..') return path.slice(0, -1);
      return segment === '.' || segment === '' ? path : [...path, segment];
    }, []),
  ].join('/');

/** `.` and `..` are good user names, and no names for folders. */
const folderName = (user: string): string => `@${user}`;

/** The stream of a web write for the system names who asked: `web:NAME:KEY`. */
const administratorOf = (stream: string): string | undefined => /^web:([^:]+):/.exec(stream)?.[1];
