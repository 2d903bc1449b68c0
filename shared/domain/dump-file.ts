/** The names that a dump may have. Source: SPEC §3, `DUMPLOG`. */

/** A file system allows 255 bytes; the rest is for the suffix of the unfinished file. */
const SEGMENT_BYTES_MAX = 200;
/** Leaves room for the path of the data folder in the 4,096 bytes that Linux allows. */
const NAME_BYTES_MAX = 1_000;

/** Control characters, and lone surrogates, which are not well-formed Unicode. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}]/u;

/** Whether all characters of a name can be stored, logged and shown. */
export const hasOnlyNameCharacters = (name: string): boolean => !NOT_IN_NAMES.test(name);

/** Whether a name is a relative path that stays inside the dump folder and names a file. */
export function isDumpFileName(name: string): boolean {
  if (name === '' || name.startsWith('/') || !hasOnlyNameCharacters(name)) return false;
  if (utf8Bytes(name) > NAME_BYTES_MAX) return false;
  const segments = name.split('/');
  if (segments.some((segment) => utf8Bytes(segment) > SEGMENT_BYTES_MAX)) return false;
  const last = segments.at(-1);
  return last !== '' && last !== '.' && last !== '..' && staysInside(segments);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character.codePointAt(0) ?? 0);
  return bytes;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}

function staysInside(segments: readonly string[]): boolean {
  let depth = 0;
  for (const segment of segments) {
    if (segment === '..') depth -= 1;
    else if (segment !== '.' && segment !== '') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}
