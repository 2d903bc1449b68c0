// Tells what the clone has: its packages, a build of its present sources, and a kept copy of that build.
// Every start of a command asks this, so this file loads nothing that only a build needs.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientFingerprintOf, fingerprintOf } from './fingerprint.mjs';
import { dist, root } from './root.mjs';

/** Names the packages that were installed. */
export const PACKAGES_STAMP = join(root, 'node_modules/.daytrade-installed');
/** The fingerprints of what was compiled and of what was bundled, in dist and in a kept build. */
export const COMPILED_STAMP = '.fingerprint';
/** Outside the bundle, because everything in the bundle is served. */
export const BUNDLED_STAMP = '.fingerprint-web-client';
/** The start of the names of folders that keep a build. */
export const KEPT_PREFIX = '.dist-';

/** Returns whether node_modules matches the lock file. */
export const isInstalled = () => textOf(PACKAGES_STAMP) === wantedPackages();

/** Returns what the stamp of the packages must hold. */
export function wantedPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  // Packages with native code belong to one platform and one version of Node.
  const platform = `${process.platform} ${process.arch} ${process.versions.modules}`;
  return `${createHash('sha256').update(lock).digest('hex')} ${platform}`;
}

/** Returns whether dist is up to date with the sources. */
export const isCompiled = () => isCompiledByTsc() && isBundled();

export const isCompiledByTsc = () => textOf(join(dist, COMPILED_STAMP)) === fingerprintOf(root);

/** Returns whether the bundle of the web client is up to date with the client's sources. */
export const isBundled = () => textOf(join(dist, BUNDLED_STAMP)) === clientFingerprintOf(root);

/**
 * Returns the folder that keeps the current build of dist; undefined if dist has no finished build.
 */
export function keptBuild(folder) {
  const stamps = [COMPILED_STAMP, BUNDLED_STAMP].map((name) => textOf(join(folder, 'dist', name)));
  if (stamps.includes(undefined)) return undefined;
  const hash = createHash('sha256');
  for (const stamp of stamps) hash.update(`${stamp}\n`);
  return join(folder, `${KEPT_PREFIX}${hash.digest('hex').slice(0, 16)}`);
}

/** Returns the text of a file; undefined if there is none. */
function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
