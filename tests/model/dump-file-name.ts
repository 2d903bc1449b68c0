import { posix } from 'node:path';

/** Whether a name is a relative path to a file that stays inside the dump folder. */
export function isDumpFileName(name: string): boolean {
  if (name.startsWith('/') || /\p{Cc}/u.test(name)) return false;
  // What is not well-formed does not come back from its bytes as it was.
  if (Buffer.from(name).toString() !== name || Buffer.byteLength(name) > 1000) return false;
  const segments = name.split('/');
  if (segments.some((segment) => Buffer.byteLength(segment) > 200)) return false;
  // The folder itself, or one below it, is no file.
  if (['', '.', '..'].includes(segments.at(-1) ?? '')) return false;
  let depth = 0;
  for (const segment of segments) {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

/** Where a workload's dump is in the data folder; `user` is null for the whole log. */
export const dumpFile = (user: string | null, file: string): string =>
  posix.normalize(user === null ? `dumps/${file}` : `user-dumps/@${user}/${file}`);
