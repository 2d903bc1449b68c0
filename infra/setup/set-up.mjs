// Brings a clone to where its programs can run. Costs a few milliseconds when nothing is missing.
import { join } from 'node:path';
import { compile, isCompiled } from './compile.mjs';
import { install, isInstalled } from './install.mjs';
import { withLock } from './lock.mjs';
import { main, root } from './root.mjs';

const LOCK = join(root, '.daytrade/set-up.lock');

/** Installs and compiles what is missing or has changed; resolves to the path of the main program. */
export async function setUp() {
  if (isInstalled() && isCompiled()) return main;
  await withLock(LOCK, bringUpToDate, () => {
    console.error('Another set-up of this clone is running; waiting for it …');
  });
  return main;
}

/** As `setUp`, but compiles everything anew. */
export async function setUpClean() {
  await withLock(LOCK, async () => {
    if (!isInstalled()) await install();
    await compile({ clean: true });
  });
}

async function bringUpToDate() {
  if (!isInstalled()) await install();
  if (isCompiled()) return;
  console.error('Building …');
  await compile({ clean: false });
}
