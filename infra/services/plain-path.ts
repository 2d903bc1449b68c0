/** A path without characters that shells, Erlang, and settings of PostgreSQL would take for something else. */
import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdtempSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const PLAIN = /^[\w/.+-]+$/;

/** Writable by every user; nothing in the first is removed before the machine is started again. */
const PLACES = ['/dev/shm', '/var/tmp', '/tmp'];

/**
 * The folder itself where its path is plain, else a link to it. RabbitMQ and `archive_command` put paths into
 * commands and terms without quoting them: a space, a quote, an umlaut, `#` or `%` there is not understood.
 */
export function plainPathOf(folder: string): string {
  if (PLAIN.test(folder)) return folder;
  const place = PLACES.find(isWritable) ?? '/tmp';
  const owner = process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const link = join(place, `daytrade-${owner}-${hash}`);
  if (isLinkOfOurs(link, folder, owner)) return link;
  try {
    symlinkSync(folder, link);
    return link;
  } catch {
    // Somebody else has that name: a folder that only we can write in is not to be had beforehand.
    const own = join(mkdtempSync(join(place, 'daytrade-')), 'link');
    symlinkSync(folder, own);
    return own;
  }
}

function isLinkOfOurs(link: string, folder: string, owner: number): boolean {
  const found = lstatSync(link, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true && found.uid === owner && readlinkSync(link) === folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
