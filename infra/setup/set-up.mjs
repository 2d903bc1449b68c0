// Prepares a clone so that its programs can run. An installed package has its build already. Takes a few milliseconds if nothing is missing.
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isCompiled, isInstalled, keptBuild } from './build-state.mjs';
import { main, mainIn, packedBuild, root } from './root.mjs';

/**
 * Installs and compiles what is missing or has changed. Resolves to the path of the main program in
 * a kept build, which later builds do not change.
 */
export async function setUp() {
  if (!isClone()) return mainIn(packedBuild);
  // Read first: a build that begins now replaces dist, but no kept build.
  const kept = keptMain();
  if (!isWritable() && existsSync(kept ?? main)) return kept ?? main;
  if (isInstalled() && isCompiled() && kept !== undefined) return kept;
  const { prepare } = await import('./prepare.mjs');
  await prepare();
  return keptMain() ?? main;
}

/** Returns whether this is a clone: npm puts no lock file into a package. */
const isClone = () => existsSync(join(root, 'package-lock.json'));

/**
 * Returns whether this user can write to the clone. If not, as in an installation for a service,
 * another user installs and builds.
 */
function isWritable() {
  try {
    accessSync(root, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function keptMain() {
  const kept = keptBuild(root);
  return kept !== undefined && existsSync(mainIn(kept)) ? mainIn(kept) : undefined;
}
