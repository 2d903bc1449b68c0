/** Which names a dump may have. Source: SPEC §3, `DUMPLOG`. */

const LENGTH_MAX = 255;

/** Whether a name is a relative path that stays inside the dump folder and names a file. */
export function isDumpFileName(name: string): boolean {
  if (name === '' || name.length > LENGTH_MAX) return false;
  if (name.startsWith('/') || hasUnsafeCharacter(name)) return false;
  const segments = name.split('/');
  const last = segments.at(-1);
  return last !== '' && last !== '.' && last !== '..' && staysInside(segments);
}

/** Backslashes separate folders elsewhere, and control characters have no place in a name. */
function hasUnsafeCharacter(name: string): boolean {
  for (const character of name) {
    if (character === '\\' || character < ' ' || character === '\u007f') return true;
  }
  return false;
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
