/** A private PostgreSQL under the data folder. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeDatabase } from '../../shared/pg/probe.ts';
import { SetUpError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Service } from './open-services.ts';
import { freePort, startProcess, stopProcess, untilReady } from './private-process.ts';
import { newPassword, settingsIn } from './settings.ts';

const INSTALLED = '/usr/lib/postgresql';
const START_MAX_MS = 30_000;
const STOP_MAX_MS = 15_000;

type Options = {
  readonly home: string;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export async function openPostgres({ home, say }: Options): Promise<Service> {
  const bin = binaries();
  const owner = ownerOf();
  const data = dataFolder(home, owner);
  const { password } = settingsIn(join(home, 'postgresql.json'), () => ({
    password: newPassword(),
  }));
  if (!existsSync(join(data, 'PG_VERSION'))) initialise({ bin, data, password, owner });
  else endLeftover(bin, data, owner);
  const port = await freePort();
  say('Starting PostgreSQL …');
  const child = startProcess({
    command: join(bin, 'postgres'),
    args: ['-D', data, ...settings(port)],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    logFile: join(home, 'logs/postgresql.log'),
    cwd: '/',
    ...owner,
  });
  const url = `postgresql://daytrade:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(() => probeDatabase(url), {
    child,
    longestMs: START_MAX_MS,
    explain: () =>
      new SetUpError([
        'PostgreSQL did not start.',
        `Its log says why: ${join(home, 'logs/postgresql.log')}`,
        'Mend that, or set DATABASE_URL to a server that runs.',
      ]),
  });
  return { url, pid: child.pid, close: () => stopProcess(child, 'SIGINT', STOP_MAX_MS) };
}

/** The newest version that is installed. */
function binaries(): string {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).map(Number) : [];
  const newest = Math.max(0, ...versions.filter((version) => version >= 13));
  const bin = join(INSTALLED, newest.toString(), 'bin');
  if (existsSync(join(bin, 'postgres'))) return bin;
  throw new SetUpError([
    'PostgreSQL is not installed.',
    'This program runs a private instance of it under its data folder.',
    'Install it (apt-get install postgresql), or set DATABASE_URL.',
  ]);
}

type Owner = { readonly uid?: number; readonly gid?: number };

/** PostgreSQL refuses root: it runs as the user that its package made. */
function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** As root the files lie where that other user can reach them, whatever folder the checkout is in. */
function dataFolder(home: string, { uid, gid }: Owner): string {
  if (uid === undefined || gid === undefined) return join(home, 'postgresql');
  const key = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const folder = join('/var/lib/daytrade', key);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chownSync(folder, uid, gid);
  return join(folder, 'postgresql');
}

function initialise({
  bin,
  data,
  password,
  owner,
}: {
  readonly bin: string;
  readonly data: string;
  readonly password: string;
  readonly owner: Owner;
}): void {
  const passwordFile = join(data, '..', 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const args = ['-D', data, '-U', 'daytrade', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  try {
    execFileSync(join(bin, 'initdb'), [...args, '-E', 'UTF8', '--locale', 'C.UTF-8'], {
      stdio: 'pipe',
      cwd: '/',
      ...owner,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** A server left by a run that was killed still has the folder: it is stopped, and its data is kept. */
function endLeftover(bin: string, data: string, owner: Owner): void {
  if (!existsSync(join(data, 'postmaster.pid'))) return;
  try {
    const args = ['stop', '-D', data, '-m', 'fast', '-w'];
    execFileSync(join(bin, 'pg_ctl'), args, { stdio: 'pipe', cwd: '/', ...owner });
  } catch {
    // Not running: PostgreSQL itself recognises a stale file of that name at its start.
    return;
  }
}

function settings(port: number): readonly string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '192MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    jit: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
