// Installs the packages of package-lock.json, once for each content of it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { fail, runQuietly } from './run.mjs';

const STAMP = join(root, 'node_modules/.daytrade-installed');

/** True when node_modules holds what the lock file says. */
export function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();
}

/** `npm ci`, with the tools that build: NODE_ENV=production in the environment must not drop them. */
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
  writeFileSync(STAMP, wanted());
}

function wanted() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  // Packages with compiled parts belong to one platform and one version of Node.
  const platform = `${process.platform} ${process.arch} ${process.versions.modules}`;
  return `${createHash('sha256').update(lock).digest('hex')} ${platform}`;
}

/** The npm that runs us, if any, else the one on the path; not the settings of the run it started. */
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
