// Installs the packages of package-lock.json, once for each version of that file.
import { writeFileSync } from 'node:fs';
import { PACKAGES_STAMP, wantedPackages } from './build-state.mjs';
import { root } from './root.mjs';
import { fail, runQuietly } from './run.mjs';

/** Runs `npm ci`, including build tools even if the environment sets NODE_ENV=production. */
export async function install() {
  console.error('Installing packages with npm ci …');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  const { code, output } = await runQuietly(...npm([...args, '--loglevel=error']));
  if (code !== 0) {
    fail(78, output, [
      'The packages could not be installed: `npm ci` failed (its last lines are above).',
      'Probably the package registry cannot be reached, or the disk is full.',
      `Check the network and npm's configuration, then try again, or run \`npm ci\` in ${root}.`,
    ]);
  }
  writeFileSync(PACKAGES_STAMP, wantedPackages());
}

/**
 * Returns the arguments to run npm: the npm that started this process, otherwise the one on the
 * path. Removes the variables that npm sets for the script that it runs.
 */
function npm(args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfRun(name)));
  const cli = process.env.npm_execpath;
  const options = { cwd: root, env };
  if (cli?.endsWith('npm-cli.js')) return [process.execPath, [cli, ...args], options];
  return ['npm', args, options];
}

function isOfRun(name) {
  return /^npm_(lifecycle|package|command|config_(local_prefix|package|call|workspace))/.test(name);
}
