/** The path of a dump. Each owner has a folder, so no dump replaces another owner's. Source: SPEC §3.2a. */

/** The folder for whole logs that a workload, `daytrade send` or an operator requested. */
const OPERATORS = 'dumps';
/** Has a folder for each trader. */
const TRADERS = 'user-dumps';
/** Has a folder for each administrator who requested the whole log on the web. */
const ADMINISTRATORS = 'administrator-dumps';

/** The folders of the data folder that hold dumps. */
export const DUMP_FOLDERS: readonly string[] = [
  OPERATORS,
  TRADERS,
  ADMINISTRATORS,
  'unfinished-dumps',
];

type DumpOwner = {
  readonly user: string;
  readonly scope: 'user' | 'all';
  /** The stream of the `DUMPLOG` command. */
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

/** Prefixes the name, because `.` and `..` are valid user names but not valid folder names. */
const folderName = (user: string): string => `@${user}`;

/** The administrator in the stream of a whole log's dump, `web:NAME:KEY`; undefined for other streams. */
const administratorOf = (stream: string): string | undefined => /^web:([^:]+):/.exec(stream)?.[1];
