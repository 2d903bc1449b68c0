/** Backs up and restores the schema with PostgreSQL's own programs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { FUNCTION_GRANTS } from '../../shared/pg/grants.ts';
import { SCHEMA } from '../../shared/pg/pool.ts';
import { probeDatabase } from '../../shared/pg/probe.ts';
import { CodedError, SetUpError } from '../../shared/runtime/errors.ts';
import { pipe } from '../../shared/runtime/pipe.ts';
import { newestBinaries } from '../services/private/postgres-binaries.ts';
import { forOlderServers } from './for-older-servers.ts';

/** Leaves out owners and grants: they depend on the server, and each start sets them again. */
const OF_NOBODY = ['--no-owner', '--no-privileges'];

/** Ends the program if the server becomes unreachable; it would otherwise wait for hours. */
const KEEPALIVE =
  '--dbname=keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=30000';

/** Writes the schema as of one instant; resolves to the number of bytes. */
export async function backUp(url: string, into: Writable): Promise<number> {
  // Without this check, `pg_dump` would wait for a server that does not answer.
  await probeDatabase(url);
  const args = ['--format=custom', `--schema=${SCHEMA}`, ...OF_NOBODY, KEEPALIVE];
  const { child, stdout } = startReading('pg_dump', args, url);
  const done = untilDone(child, 'pg_dump');
  done.catch(() => undefined);
  let bytes = 0;
  stdout.on('data', (piece: Buffer) => void (bytes += piece.length));
  try {
    await pipe([stdout, into], { what: 'writing the backup' });
  } catch (error) {
    if (child.pid === undefined) await done;
    child.kill();
    throw error;
  }
  await done;
  return bytes;
}

/** Drops the existing schema. */
const BEFORE = `BEGIN; DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE;\n`;
/**
 * Revokes the default privileges: a backup contains none, and in a new schema every user may call
 * every function.
 */
const REVOKES = Object.keys(FUNCTION_GRANTS).map(
  (signature) => `REVOKE ALL ON FUNCTION ${SCHEMA}.${signature} FROM PUBLIC;`,
);
const AFTER = `${REVOKES.join(' ')} COMMIT;\n`;

/** Replaces the schema in one transaction: if the file is incomplete, nothing changes. */
export async function restore(url: string, file: string): Promise<void> {
  const reader = start('pg_restore', [...OF_NOBODY, '--file=-', file], { url, stdin: 'ignore' });
  const args = ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--output=/dev/null', KEEPALIVE];
  const writer = start('psql', args, { url, stdin: 'pipe' });
  // Ignores write errors: if psql ends early, its exit code tells why.
  writer.stdin?.on('error', () => undefined);
  writer.stdin?.write(BEFORE);
  const between = forOlderServers();
  if (writer.stdin !== null) reader.stdout?.pipe(between).pipe(writer.stdin, { end: false });
  const written = untilDone(writer, 'psql');
  const read = Promise.all([untilDone(reader, 'pg_restore', ` of ${file}`), finished(between)]);
  // When the writer has ended, the reader would wait for ever for its output to be read.
  void written.catch(() => {
    reader.kill();
    between.destroy();
  });
  const faults = await Promise.allSettled([
    read.then(
      () => writer.stdin?.end(AFTER),
      (error: unknown) => {
        writer.stdin?.end('ROLLBACK;\n');
        throw error;
      },
    ),
    written,
  ]);
  const fault = faults.toReversed().find((each) => each.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}

type StartOptions = { readonly url: string; readonly stdin: 'ignore' | 'pipe' };

function start(
  program: string,
  args: readonly string[],
  { url, stdin }: StartOptions,
): ChildProcess {
  const bin = newestBinaries();
  const own = bin === undefined ? program : join(bin, program);
  return spawn(existsSync(own) ? own : program, [...args], {
    env: { PATH: process.env['PATH'], ...connectionEnvironment(url) },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

function startReading(
  program: string,
  args: readonly string[],
  url: string,
): { readonly child: ChildProcess; readonly stdout: Readable } {
  const child = start(program, args, { url, stdin: 'ignore' });
  const { stdout } = child;
  if (stdout === null) throw new TypeError(`${program} was started without a pipe`);
  return { child, stdout };
}

/**
 * Returns libpq's environment for a database. A password must not be an argument, which every user
 * of the machine can see.
 */
export function connectionEnvironment(url: string): Readonly<Record<string, string>> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const values: Readonly<Record<string, string>> = {
    PGHOST: hostname.replace(/^\[|\]$/g, ''),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get('sslmode') ?? '',
    PGSSLROOTCERT: searchParams.get('sslrootcert') ?? '',
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

async function untilDone(child: ChildProcess, program: string, of = ''): Promise<void> {
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => void (said += piece.toString()));
  // Discards the output of psql, so that its pipe does not fill up.
  if (program === 'psql') child.stdout?.resume();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(notInstalled(program, cause)));
    child.once('close', resolve);
  });
  if (code === 0) return;
  const reason = said.trim().split('\n').at(-1) ?? '';
  throw new CodedError('not-finished', `${program}${of} failed: ${reason}`);
}

const notInstalled = (program: string, cause: Error): SetUpError =>
  new SetUpError(
    [
      `${program} cannot be started: ${cause.message}`,
      'Run: sudo apt-get install postgresql-client',
    ],
    { cause },
  );
