/** Runs a private PostgreSQL for a data folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { probeDatabase } from '../../../shared/pg/probe.ts';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import { lastLineOf } from '../../host/log-lines.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { keepRunning, type KeptProcess } from '../../host/keep-running.ts';
import { removeStalePostmasterPid } from './left-behind.ts';
import { runStep } from '../../host/start-step.ts';
import { choosePorts } from '../../host/ports.ts';
import { makeOwnedFolder, writeOwnedFile, type Owner } from '../../host/as-owner.ts';
import { binariesFor } from './postgres-binaries.ts';
import { dataFolder, ownerOf, removeOwnedFolder } from './postgres-data.ts';
import {
  runTool,
  startProcess,
  stopLeftover,
  stopProcess,
  untilReady,
} from '../../host/private-process.ts';
import { newServicePassword, readSettings, writeSettings } from '../../host/settings.ts';

/** Allows for a slow machine; on an idle one it answers in seconds. */
const START_MAX_MS = 120_000;
/**
 * SQLSTATE of a server that is starting, also while it replays its log after a crash. That may take
 * long, and begins again if it is interrupted.
 */
const STARTING_UP = '57P03';
const STOP_MAX_MS = 15_000;
/** A fast shutdown: the server disconnects its clients and writes a checkpoint. */
const STOP_SIGNAL = 'SIGINT';

/**
 * The environment of PostgreSQL. It inherits nothing else of the user's: `PGDATA`, `PGOPTIONS`,
 * `LC_ALL` or `TZ` would change its behaviour.
 */
export const POSTGRES_ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  PATH: process.env['PATH'],
  LC_ALL: 'C.UTF-8',
};

export type PrivateOptions = {
  readonly home: string;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export type PrivateService = { readonly url: string; readonly process: KeptProcess };

/**
 * Creates the database if it is new, starts the server, and resolves when it answers. Stops the
 * server of a killed run first.
 */
export async function openPostgres(
  options: PrivateOptions,
): Promise<PrivateService & { readonly folder: string }> {
  const { home, signal, say } = options;
  const pidFile = join(home, 'postgresql.pid');
  const file = join(home, 'postgresql.json');
  const remembered = readSettings(file, () => ({
    id: randomBytes(8).toString('hex'),
    password: newServicePassword(),
    port: 0,
  }));
  await stopLeftover(pidFile, {
    signal: STOP_SIGNAL,
    longestMs: STOP_MAX_MS,
    onFound: () => say('Stopping the PostgreSQL of a run that was killed; its data is kept.'),
  });
  const { port } = await choosePorts(['port'], remembered);
  const settings = { ...remembered, port };
  writeSettings(file, settings);
  const owner = ownerOf();
  const data = dataFolder(home, settings.id, owner);
  const bin = binariesFor(data);
  removeStalePostmasterPid(data);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const waits = [{ name: 'initdb', why: () => `it makes the database in ${data}` }];
    await runStep(
      (given) => initialise({ bin, data, password: settings.password, owner, signal: given }),
      { waits: () => waits, signal, say },
    );
  }
  const url = `postgresql://daytrade:${settings.password}@127.0.0.1:${port}/postgres`;
  say('Starting PostgreSQL …');
  const kept = await keepServer({ bin, data, port, url, pidFile, owner }, options);
  return { url, process: kept, folder: data };
}

type ServerPlace = {
  readonly bin: string;
  readonly data: string;
  readonly port: number;
  readonly url: string;
  readonly pidFile: string;
  readonly owner: Owner;
};

/** Keeps the server running; resolves when it answers for the first time. */
async function keepServer(
  { bin, data, port, url, pidFile, owner }: ServerPlace,
  { home, signal, say, log }: PrivateOptions,
): Promise<KeptProcess> {
  const logFile = join(home, 'logs/postgresql.log');
  return await keepRunning({
    name: 'PostgreSQL',
    launch: () =>
      startProcess({
        command: join(bin, 'postgres'),
        args: ['-D', data, ...serverSettings(port)],
        env: POSTGRES_ENVIRONMENT,
        logFile,
        pidFile,
        cwd: '/',
        ...owner,
      }),
    ready: (child, waiting) =>
      untilReady(() => probeDatabase(url), {
        name: 'PostgreSQL',
        child,
        logFile,
        longestMs: START_MAX_MS,
        isWorking: isRecovering,
        signal: waiting,
        say,
        explain: (answer) =>
          new SetUpError([
            `PostgreSQL did not start: ${answer}`,
            `The last line of its log ${logFile}: ${lastLineOf(logFile)}`,
            'Mend that, or set DATABASE_URL to a server that runs.',
          ]),
      }),
    stop: (child) => stopProcess(child, STOP_SIGNAL, STOP_MAX_MS),
    signal,
    say,
    log,
  });
}

const isRecovering = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === STARTING_UP;

async function initialise({
  bin,
  data,
  password,
  owner,
  signal,
}: {
  readonly bin: string;
  readonly data: string;
  readonly password: string;
  readonly owner: Owner;
  readonly signal: AbortSignal;
}): Promise<void> {
  // An interrupted first start leaves half a database, so a complete one is renamed to its final
  // name.
  const part = `${data}.part`;
  removeOwnedFolder(part, owner);
  makeOwnedFolder(part, owner);
  const passwordFile = join(data, '..', 'password');
  rmSync(passwordFile, { force: true });
  writeOwnedFile(passwordFile, password, owner);
  const args = ['-D', part, '-U', 'daytrade', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  try {
    const tool = {
      command: join(bin, 'initdb'),
      args: [...args, '-E', 'UTF8', '--locale', 'C.UTF-8'],
      env: POSTGRES_ENVIRONMENT,
      cwd: '/',
      ...owner,
    };
    await runTool(tool, signal);
    removeOwnedFolder(data, owner);
    renameSync(part, data);
  } catch (cause) {
    signal.throwIfAborted();
    throw new SetUpError(
      [
        'The database could not be made: initdb failed.',
        cause instanceof Error ? cause.message : String(cause),
        `Make room below ${data} and see that it can be written, then try again.`,
      ],
      { cause },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * The server listens only on TCP loopback. fsync is on by default, so a commit is on the disk
 * before it is acknowledged.
 */
function serverSettings(port: number): readonly string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '192MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    shared_preload_libraries: 'pg_stat_statements',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
