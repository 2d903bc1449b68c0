/** Whether a name is a relative path to a file that stays inside the dump folder. */
export function isDumpFileName(name: string): boolean {
  if (name.startsWith('/') || name.includes('\0')) return false;
  const segments = name.split('/');
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
