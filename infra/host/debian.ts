/** Installs Debian packages without starting the services in them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SetUpError } from '../../shared/runtime/errors.ts';
import { ask, canAsk } from './ask.ts';

type InstallOptions = {
  readonly packages: readonly string[];
  /** The purpose of the packages, such as `a private RabbitMQ`. */
  readonly purpose: string;
  /** The user's alternative to installing them. */
  readonly otherwise: string;
  readonly home: string;
  readonly say: (line: string) => void;
};

/**
 * The file that lists the packages that apt added for this system, one per line. `uninstall` offers
 * to remove them.
 */
export const addedPackagesFile = (home: string): string => join(home, 'installed-packages');

/** How long apt-get waits for its lock, in seconds. */
const LOCK_WAIT_S = 120;

/**
 * Installs the packages with apt-get, after asking if there is a terminal. Throws a `SetUpError` if
 * it cannot, may not, or fails.
 */
export async function installPackages(options: InstallOptions): Promise<void> {
  const { packages, purpose, otherwise, say, home } = options;
  const asRoot = rootPrefix();
  const list = packages.join(' ');
  if (!isDebian() || asRoot === undefined) {
    throw new SetUpError([
      `${list} is needed for ${purpose} and is not installed.`,
      isDebian()
        ? 'Installing it needs root or sudo.'
        : 'It is installed by itself on Debian only.',
      `${isDebian() ? `Run: sudo apt-get install ${list}` : `Install ${list}`}; or ${otherwise}.`,
    ]);
  }
  if (!(await isAgreed(list)))
    throw new SetUpError([`Not installed: ${list}.`, `Else ${otherwise}.`]);
  say(`Installing ${list} with apt-get, for ${purpose} (no system service is started) …`);
  const missing = packages.filter((name) => !isInstalled(name));
  const logFile = join(home, 'logs/apt.log');
  // It exists before `withoutServices` lifts the umask, so that only its owner can read it.
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  appendFileSync(logFile, '', { mode: 0o600 });
  withoutServices(asRoot, () => {
    const install = (): boolean => apt(asRoot, logFile, ['install', ...packages]);
    // Missing or outdated package lists may name versions that the server no longer has, so this
    // updates them and tries once more.
    if (!install() && !(apt(asRoot, logFile, ['update']) && install())) {
      throw new SetUpError([
        `apt-get could not install ${list}.`,
        lastLineOf(logFile),
        `Mend that (${logFile} has it all), or ${otherwise}.`,
      ]);
    }
  });
  appendFileSync(addedPackagesFile(home), missing.map((name) => `${name}\n`).join(''));
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Returns the prefix that makes a command run as root; undefined if neither root nor sudo is
 * available.
 */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  // `-n` fails instead of asking for a password.
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

async function isAgreed(list: string): Promise<boolean> {
  if (!canAsk()) return true;
  const answer = await ask(`Install ${list} with apt-get? [Y/n] `);
  return answer !== undefined && !/^\s*n/i.test(answer);
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Status}', name]);
  return String(stdout).includes(' installed');
}

function run(asRoot: readonly string[], command: string, args: readonly string[]): void {
  const [first = command, ...rest] = [...asRoot, command, ...args];
  execFileSync(first, rest, { stdio: 'pipe' });
}

function apt(asRoot: readonly string[], logFile: string, args: readonly string[]): boolean {
  const env = ['DEBIAN_FRONTEND=noninteractive'];
  const options = [
    '-y',
    '-q',
    '--no-install-recommends',
    '-o',
    `DPkg::Lock::Timeout=${LOCK_WAIT_S}`,
  ];
  try {
    const [first = 'env', ...rest] = [...asRoot, 'env', ...env, 'apt-get', ...options, ...args];
    appendFileSync(logFile, execFileSync(first, rest, { stdio: ['ignore', 'pipe', 'pipe'] }));
    return true;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    appendFileSync(logFile, `${stdout?.toString() ?? ''}${stderr?.toString() ?? ''}`);
    return false;
  }
}

const lastLineOf = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';

const POLICY = '/usr/sbin/policy-rc.d';
const CLUSTER_CONFIG = '/etc/postgresql-common/createcluster.d/daytrade.conf';

/**
 * Prevents packages from starting services or creating a cluster while they are installed: each of
 * these two files forbids one of them.
 */
function withoutServices(asRoot: readonly string[], work: () => void): void {
  const ours = [
    ...(existsSync(POLICY) ? [] : [{ path: POLICY, text: '#!/bin/sh\nexit 101\n', mode: '755' }]),
    { path: CLUSTER_CONFIG, text: 'create_main_cluster = false\n', mode: '644' },
  ];
  // The process's umask keeps its own files private, but files of packages must be readable by
  // everyone.
  const ourMask = process.umask(0o022);
  try {
    ours.forEach((file) => installFile(asRoot, file));
    work();
  } finally {
    process.umask(ourMask);
    for (const { path } of ours) run(asRoot, 'rm', ['-f', path]);
  }
}

type SystemFile = { readonly path: string; readonly text: string; readonly mode: string };

/**
 * Installs a file owned by root. Root will run it, so no other user may be able to write its
 * source: that is in a new folder.
 */
export function installFile(asRoot: readonly string[], { path, text, mode }: SystemFile): void {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-'));
  try {
    const temporary = join(folder, 'file');
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    run(asRoot, 'install', ['-D', '-m', mode, temporary, path]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
