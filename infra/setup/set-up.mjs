// Brings a clone to where its programs can run. Costs a few milliseconds when nothing is missing.
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile, isCompiled } from './compile.mjs';
import { install, isInstalled } from './install.mjs';
import { keepBuild, keptBuild } from './keep-build.mjs';
import { withLock } from './lock.mjs';
import { main, mainIn, root } from './root.mjs';

const LOCK = join(root, '.daytrade/set-up.lock');

/**
 * Installs and compiles what is missing or has changed; resolves to the path of the main program, in
 * a build that no later build changes.
 */
export async function setUp() {
  // Read first: a build that begins now takes away dist, but no kept build.
  const kept = keptMain();
  if (!isWritable() && existsSync(kept ?? main)) return kept ?? main;
  if (isInstalled() && isCompiled() && kept !== undefined) return kept;
  await withLock(LOCK, bringUpToDate, () => {
    console.error('Another set-up of this clone is running; waiting for it …');
  });
  return keptMain() ?? main;
}

/** Where this user cannot write, as in an installation for a service, another one installs and builds. */
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

/** As `setUp`, but compiles everything anew. */
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
