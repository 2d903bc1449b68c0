// Makes a Debian 13 root and runs commands in it, for root on Debian. The root is kept beside the
// data folder; delete it at any time.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { load, root } from './root.mjs';

const RELEASE = 'trixie';
/** The programs of a usual Debian, Node, and the library that Node 26 from the registry needs. */
const PACKAGES = ['ca-certificates', 'git', 'iproute2', 'libatomic1', 'nodejs', 'npm', 'procps'];
/** The checkout in the root, at the commit that is checked out here. */
const CHECKOUT = '/srv/daytrade';
const SOURCES = '/etc/apt/sources.list.d/debian.sources';
/** The authorities that this machine's Node and npm trust besides their own. */
const AUTHORITIES = '/etc/ssl/extra-authorities.pem';

/**
 * Returns the Debian 13 root for a data folder, made anew if it is missing or `renew` is set. Its checkout is
 * new each time. `say` reports progress. Rejects with an `Error` if a step fails.
 */
export async function openDebianRoot(home, { renew, say }) {
  const folder = `${home}-debian-13`;
  if (renew) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(folder)) await make(folder, { home, say });
  connect(folder);
  say('Copying the present commit into it …');
  checkOut(join(folder, CHECKOUT));
  return {
    run: (command, signal) => runIn(folder, command, { signal }),
    ask: (command) => runIn(folder, command, { isQuiet: true }),
  };
}

/** Makes a folder of Debian 13 with nothing but `apt-get`, and with this machine's sources. */
export function debootstrap(folder) {
  rmSync(folder, { recursive: true, force: true });
  const sources = sourcesOf(RELEASE);
  call('debootstrap', ['--variant=minbase', RELEASE, folder, /^URIs: (\S+)/m.exec(sources)[1]]);
  writeFileSync(join(folder, SOURCES), sources);
  rmSync(join(folder, 'etc/apt/sources.list'), { force: true });
}

/** Makes the root beside its final place, so that an interrupted one is never used. */
async function make(folder, { home, say }) {
  if (!existsSync('/usr/sbin/debootstrap')) {
    const { installPackages } = await load('infra/host/debian.js');
    const reasons = { purpose: 'a Debian 13 root', otherwise: 'install it' };
    await installPackages({ packages: ['debootstrap'], ...reasons, home, say });
  }
  const part = `${folder}.part`;
  say(`Making a Debian 13 root in ${folder} …`);
  debootstrap(part);
  connect(part);
  say(`Installing ${PACKAGES.join(', ')} in it …`);
  const install = `apt-get update -q && apt-get install -y -q --no-install-recommends ${PACKAGES.join(' ')}`;
  const { code, output } = await runIn(part, install, { isQuiet: true });
  if (code !== 0) throw new Error(`apt-get failed in the Debian 13 root:\n${tailOf(output)}`);
  renameSync(part, folder);
}

/** Returns this machine's Debian sources, for another release. */
function sourcesOf(release) {
  const own = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (own === undefined || !existsSync(SOURCES)) {
    throw new Error(`This machine has no ${SOURCES} to take the archive's address from.`);
  }
  return readFileSync(SOURCES, 'utf8').replaceAll(new RegExp(`\\b${own}\\b`, 'g'), release);
}

/** Gives the root this machine's network: its names, its registry of packages, its authorities. */
function connect(folder) {
  for (const path of ['/etc/resolv.conf', '/etc/hosts'])
    cpSync(path, join(folder, path), { dereference: true });
  const { NODE_EXTRA_CA_CERTS: extra } = process.env;
  if (extra !== undefined) cpSync(extra, join(folder, AUTHORITIES), { dereference: true });
  const settings = [
    `registry=${call('npm', ['config', 'get', 'registry']).trim()}`,
    ...(extra === undefined ? [] : [`cafile=${AUTHORITIES}`]),
  ];
  writeFileSync(join(folder, 'root/.npmrc'), `${settings.join('\n')}\n`, { mode: 0o600 });
}

/** Clones the commit that is checked out; the given workloads go beside it, as they lie here. */
function checkOut(target) {
  rmSync(dirname(target), { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  call('git', ['clone', '--quiet', root, target]);
  const given = join(root, '../shared');
  if (existsSync(given)) cpSync(given, join(target, '../shared'), { recursive: true });
}

/**
 * Mounts what programs need, and makes the folder the root of the mounts: after `chroot` alone, programs in a
 * namespace of their own would see the paths of this machine. The shell stays, as the first process of the
 * namespace, and reaps those without a parent.
 */
const ENTER = `set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /dev dev
mount --rbind /sys sys
mount -t tmpfs tmpfs run
pivot_root . mnt
cd /
umount -l /mnt
mkdir -p ${CHECKOUT}
cd ${CHECKOUT}
env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  \${3:+NODE_EXTRA_CA_CERTS="$3"} sh -c "$2"
exit $?`;

/**
 * Runs a shell command in the root's checkout; resolves to its exit code and output. It has namespaces of its own for mounts
 * and processes: whatever it leaves behind ends with it.
 */
function runIn(folder, command, { isQuiet = false, signal }) {
  const extra = process.env.NODE_EXTRA_CA_CERTS === undefined ? '' : AUTHORITIES;
  const args = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    ENTER,
    'sh',
    folder,
    command,
    extra,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece) => {
        output += piece;
        if (!isQuiet) process.stderr.write(piece);
      });
    }
    const kill = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', kill);
      resolve({ code: code ?? 128, output });
    });
  });
}

/** Runs a program of this machine and returns its output; throws with the end of it if it fails. */
function call(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} failed:\n${error?.message ?? tailOf(`${stdout}${stderr}`)}`);
}

const tailOf = (text) => text.trimEnd().split('\n').slice(-20).join('\n');
