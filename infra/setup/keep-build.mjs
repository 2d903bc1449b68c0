// Keeps every finished build, the bundled programs and the bundles for browsers, in its own folder next to
// dist. A system runs from that folder, so a later build, which writes to dist, does not affect it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KEPT_PREFIX, keptBuild } from './build-state.mjs';
import { BUNDLES } from './bundle.mjs';
import { KEEP_LINKS, withPlainRoot } from './plain-root.mjs';
import { fail, runQuietly } from './run.mjs';

/**
 * The number of builds kept: a command that has just started from an older one may still load code
 * from it.
 */
const KEPT = 3;

/**
 * Bundles the programs of the current build, unless that was done before, and removes old builds
 * that no process runs from. `bundlePrograms` writes the programs to the folder that it is given.
 */
export async function keepBuild(root, bundlePrograms = bundleByRolldown) {
  const kept = keptBuild(root);
  if (kept === undefined || existsSync(kept)) return;
  const unfinished = join(root, `${KEPT_PREFIX}unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  await bundlePrograms(unfinished);
  for (const bundle of BUNDLES) {
    cpSync(join(root, 'dist', bundle), join(unfinished, bundle), { recursive: true });
  }
  renameSync(unfinished, kept);
  removeOld(root, kept);
}

async function bundleByRolldown(folder) {
  const { code, output } = await withPlainRoot((plainRoot) => {
    const script = join(plainRoot, 'infra/setup/bundle-programs.mjs');
    const args = [...KEEP_LINKS, script, join(plainRoot, basename(folder))];
    return runQuietly(process.execPath, args, { cwd: plainRoot });
  });
  if (code === 0) return;
  fail(1, output, [
    'The programs could not be bundled (see above).',
    'Probably a source file was changed, or the clone is not complete.',
    'Correct it (`git status` shows what differs from the clone), then try again.',
  ]);
}

function removeOld(root, newest) {
  const commands = runningCommands();
  if (commands === undefined) return;
  const others = readdirSync(root)
    .filter((name) => name.startsWith(KEPT_PREFIX) && name !== basename(newest))
    .map((name) => ({ name, at: statSync(join(root, name)).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { name } of others.slice(KEPT - 1)) {
    if (!commands.includes(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** Returns the command lines of all processes; undefined if they cannot be read. */
function runningCommands() {
  const { status, stdout } = spawnSync('ps', ['-axww', '-o', 'command'], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
