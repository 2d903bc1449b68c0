// Installs and compiles what the clone lacks.
import { join } from 'node:path';
import { isCompiled, isInstalled } from './build-state.mjs';
import { compile } from './compile.mjs';
import { install } from './install.mjs';
import { keepBuild } from './keep-build.mjs';
import { withLock } from './lock.mjs';
import { root } from './root.mjs';

const LOCK = join(root, '.daytrade/set-up.lock');

/** Installs and compiles what is missing or has changed. Waits for another process that does so. */
export async function prepare() {
  const onWait = () => {
    console.error('Another set-up of this clone is running; waiting for it …');
  };
  await withLock(LOCK, bringUpToDate, onWait);
}

/** Does the same, but compiles everything anew. */
export async function prepareClean() {
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
