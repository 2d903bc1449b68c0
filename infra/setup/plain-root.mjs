// Bundlers parse what follows a `?` or `#` in a path as a query, so such a checkout is bundled
// through a symbolic link.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Makes Node and the bundlers keep the given root, even if it is a symbolic link. */
export const KEEP_LINKS = ['--preserve-symlinks', '--preserve-symlinks-main'];

/** Calls `work` with a path of the checkout without these characters; resolves to its result. */
export async function withPlainRoot(work) {
  const isPlain = (path) => !/[?#]/.test(path);
  if (isPlain(root)) return await work(root);
  const folder = mkdtempSync(join([tmpdir(), '/var/tmp'].find(isPlain) ?? '/tmp', 'daytrade-'));
  const link = join(folder, 'checkout');
  symlinkSync(root, link);
  try {
    return await work(link);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
