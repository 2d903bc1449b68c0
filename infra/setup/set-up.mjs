// Prepares a clone so that its programs can run. Takes a few milliseconds if nothing is missing.
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile, isCompiled } from './compile.mjs';
import { install, isInstalled } from './install.mjs';
import { keepBuild, keptBuild } from './keep-build.mjs';
import { withLock } from './lock.mjs';
import { main, mainIn, root } from './root.mjs';

const LOCK = join(root, '.daytrade/set-up.lock');

/**
 * Installs and compiles what is missing or has changed. Resolves to the path of the main program in
 * a kept build, which later builds do not change.
 */
export async function setUp() {
  // Read first: a build that begins now replaces dist, but no kept build.
  const kept = keptMain();
  if (!isWritable() && existsSync(kept ?? main)) return kept ?? main;
  if (isInstalled() && isCompiled() && kept !== undefined) return kept;
  await withLock(LOCK, bringUpToDate, () => {
    console.error('Another set-up of this clone is running; waiting for it …');
  });
  return keptMain() ?? main;
}

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

/** Does the same, but compiles everything anew. */
export async function setUpClean() {
  await withLock(LOCK, async () => {
    if (!isInstalled()) await install();
    await compile({ clean: true });
    await keepBuild(root);
  });
}

async function bringUpToDate() {
  if (!isInstalled()) await install();
  if (!isCompiled()) {
    console.error('Building …');
    await compile({ clean: false });
  }
  await keepBuild(root);
}
