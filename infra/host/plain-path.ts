/**
 * Provides paths without characters that are special to shells, to Erlang, or in PostgreSQL's
 * settings.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdtempSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const PLAIN = /^[\w/.+-]+$/;

/** Folders that every user can write to; entries of the first last until the next boot. */
const PLACES = ['/dev/shm', '/var/tmp', '/tmp'];

/**
 * Returns the folder itself if its path is plain, otherwise a symbolic link to it. RabbitMQ and
 * `archive_command` put paths into commands and terms without quoting, which breaks on a space, a
 * quote, an umlaut, `#` or `%`.
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
    // Another user has this name. A new folder that only this user can write to avoids the
    // conflict.
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
