/** Installing Debian packages without starting what they bring. */
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

export type InstallOptions = {
  readonly packages: readonly string[];
  /** What they are for, as in `a private RabbitMQ`. */
  readonly purpose: string;
  /** What the user can do instead. */
  readonly otherwise: string;
  readonly home: string;
  readonly say: (line: string) => void;
};

/** Names of the packages that apt added for us, a line each: whoever uninstalls asks for them. */
export const addedPackagesFile = (home: string): string => join(home, 'installed-packages');

const LOCK_WAIT_S = 120;

/** Throws a `SetUpError` where it cannot, or may not. */
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
  withoutServices(asRoot, () => {
    const logFile = join(home, 'logs/apt.log');
    mkdirSync(dirname(logFile), { recursive: true });
    const install = (): boolean => apt(asRoot, logFile, ['install', ...packages]);
    // Lists that are missing or old name packages that the server has no more.
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

/** What a command is to be preceded by to run as root; undefined where nobody lets us. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  // Never waits at a password prompt.
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

/** Packages start their services and make a cluster when they are installed, unless these two say no. */
function withoutServices(asRoot: readonly string[], work: () => void): void {
  const ours = [
    ...(existsSync(POLICY) ? [] : [{ path: POLICY, text: '#!/bin/sh\nexit 101\n', mode: '755' }]),
    { path: CLUSTER_CONFIG, text: 'create_main_cluster = false\n', mode: '644' },
  ];
  // What we write is for us alone; what packages write is for everybody.
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

/** Puts a file of root's in its place. Root runs it, so nobody else may have written it: its folder is new. */
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
