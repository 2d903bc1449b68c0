// Bundlers take what follows a `?` or `#` in a path for a query: such a checkout is bundled through a link.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Node and the bundlers keep the root as it is given, also where it is a link. */
export const KEEP_LINKS = ['--preserve-symlinks', '--preserve-symlinks-main'];

/** Calls `work` with a path of the checkout that has neither; resolves to what it resolves to. */
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
