// Compiles the sources to dist, and removes compiled files whose source is gone: they would still
// run as tests.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { COMPILED_STAMP, isBundled, isCompiledByTsc } from './build-state.mjs';
import { bundle, BUNDLES } from './bundle.mjs';
import { fingerprintOf, sourcesOf } from './fingerprint.mjs';
import { dist, root, tsc } from './root.mjs';
import { fail, runQuietly } from './run.mjs';

const STAMP = join(dist, COMPILED_STAMP);

/**
 * Compiles everything if `clean` is set or nothing was compiled before, otherwise what has changed.
 */
export async function compile({ clean }) {
  if (clean || !isCompiledByTsc()) await compileByTsc({ clean });
  if (!isBundled()) await bundle();
}

async function compileByTsc({ clean }) {
  // Taken before the build, so that a source written during it is compiled the next time.
  const fingerprint = fingerprintOf(root);
  if (clean || !existsSync(STAMP)) rmSync(dist, { recursive: true, force: true });
  else removeOrphans();
  rmSync(STAMP, { force: true });
  const { code, output } = await runQuietly(process.execPath, [tsc], { cwd: root });
  if (code !== 0) {
    fail(1, output, [
      'The sources could not be compiled: `tsc` found the errors above.',
      'Probably a source file was changed, or the clone is not complete.',
      'Correct them (`git status` shows what differs from the clone), then try again.',
    ]);
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(STAMP, fingerprint);
}

function removeOrphans() {
  const sources = new Set(sourcesOf(root).map((path) => path.slice(0, -'.ts'.length)));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (BUNDLES.includes(relative(dist, path).split(sep)[0])) continue;
    const source = relative(dist, path).replace(/\.(js|js\.map|d\.ts)$/, '');
    if (entry.isFile() && /\.(js|js\.map|d\.ts)$/.test(path) && !sources.has(source)) rmSync(path);
  }
}
