/** Recognizes a data folder of this system, and the entries that a system creates in it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, ConfigError } from '../../shared/runtime/errors.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/** Written by the first command that starts a system on the folder. */
const MARK = 'data-folder.json';

/**
 * Files that only a system writes; they also identify data folders that are older than the mark.
 */
const MARKS = [
  MARK,
  ...['metrics', 'postgresql', 'rabbitmq', 'replicated', 'system'].map((name) => `${name}.json`),
];

/**
 * The entries that a system creates in its data folder. DAYTRADE_HOME may name a folder that holds
 * other things too.
 */
const OURS: readonly RegExp[] = [
  /^(logs|traces|((user|administrator|unfinished)-)?dumps|web|bench|chaos|demo|haproxy)$/,
  /^(addresses|administrator|sign-in)$/,
  /^patroni-[abc]\.yml$/,
  /^(data-folder|demo|metrics|system|replicated)\.json$/,
  /^(postgresql|rabbitmq|epmd|etcd|haproxy)(-[abc])?(\.json|\.pid|\.part)?$/,
  /^(start-failed\.json|restore\.pid)$/,
  // What an upgrade keeps, and what it moves.
  /^(postgresql|rabbitmq)-before-\d+$/,
  /^upgrade\.part$/,
];
/**
 * Folders of services. If an unmarked folder contains one, it belongs to another program (such as
 * `/etc`).
 */
const SERVICE = /^(postgresql|rabbitmq|epmd|etcd|haproxy)/;

/** Returns whether a system creates an entry with this name in its data folder. */
export const isOurs = (name: string): boolean => OURS.some((own) => own.test(name));

/** Returns whether a system was ever started on the folder. */
export const isDataFolder = (home: string): boolean =>
  MARKS.some((name) => existsSync(join(home, name)));

/** Returns the data folder of the demo, which is below another one. */
export const demoFolder = (home: string): string => join(home, 'demo');

/** Throws `data-folder-missing` if no system was ever started on the folder. */
export function requireDataFolder(home: string): void {
  if (isDataFolder(home)) return;
  const found = existsSync(home)
    ? `${home} is not a data folder: no system was ever started on it`
    : `There is no data folder ${home}`;
  throw new CodedError(
    'data-folder-missing',
    `${found}. Name another by DAYTRADE_HOME, or start a system on it: ${OWN_COMMAND} up`,
  );
}

/**
 * Marks a folder before anything is created in it. Throws a `ConfigError` if it belongs to another
 * program.
 */
export function markDataFolder(home: string): void {
  if (isDataFolder(home)) return;
  const foreign = readdirSync(home).filter((name) => SERVICE.test(name));
  if (foreign.length > 0) {
    throw new ConfigError(
      `DAYTRADE_HOME: ${home} holds ${foreign.join(', ')} of another program; name a folder of its own`,
    );
  }
  writeFileSync(join(home, MARK), `${JSON.stringify({ program: 'daytrade' })}\n`);
}
