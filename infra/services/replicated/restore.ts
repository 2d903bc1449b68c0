/** Restores the database of a stopped replicated system to a moment in the past. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { probePrimary } from '../../../shared/pg/probe.ts';
import { SetUpError, UsageError } from '../../../shared/runtime/errors.ts';
import {
  makeFoldersAsOwner,
  removeAsOwner,
  renameAsOwner,
  runAsOwner,
} from '../../host/as-owner.ts';
import { freePort } from '../../host/ports.ts';
import { POSTGRES_ENVIRONMENT } from '../private/postgres.ts';
import { binariesFor } from '../private/postgres-binaries.ts';
import { startProcess, stopProcess, untilReady } from '../../host/private-process.ts';
import { checkpointsOf, type Checkpoint, type DatabaseFolders } from './checkpoints.ts';
import { etcdName } from './etcd.ts';
import { MACHINE_NAMES } from './machine.ts';
import { archiveFolder, memberData } from './patroni.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const RECOVER_MAX_MS = 600_000;
const STOP_MAX_MS = 60_000;

type RestoreOptions = {
  readonly home: string;
  readonly folders: DatabaseFolders;
  readonly to: Date;
  /** Aborts the recovery; the members' data is unchanged then. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/**
 * Recovers next to the members' data, and replaces that data only when the recovery has succeeded.
 * Resolves to the folder that holds the previous data; nothing of it is deleted. Throws a
 * `UsageError` if no checkpoint is old enough.
 */
export async function restoreTo(options: RestoreOptions): Promise<string> {
  const { home, folders, to } = options;
  const checkpoint = checkpointBefore(folders, to);
  const recovering = join(folders.folder, 'recovering');
  const { owner } = folders;
  removeAsOwner(owner, [recovering]);
  runAsOwner(owner, 'cp', ['--archive', checkpoint.path, recovering]);
  writeRecovery(recovering, folders, to);
  await recover(recovering, options);
  const aside = setAside(folders, to);
  // Only the first machine has data; the others copy it when the system starts.
  renameAsOwner(owner, recovering, memberData(folders.folder, { name: MACHINE_NAMES[0] }));
  // Removes etcd's data: the previous leader must not influence the next election.
  for (const name of MACHINE_NAMES) {
    rmSync(join(home, etcdName({ name })), { recursive: true, force: true });
  }
  return aside;
}

function checkpointBefore(folders: DatabaseFolders, to: Date): Checkpoint {
  const all = checkpointsOf(folders);
  const usable = all.filter(({ at }) => at <= to).at(-1);
  if (usable !== undefined) return usable;
  const [oldest] = all;
  throw new UsageError(
    oldest === undefined
      ? `there is no checkpoint: ${OWN_COMMAND} checkpoint makes one of a running system`
      : `--to ${to.toISOString()}: the oldest checkpoint is of ${oldest.at.toISOString()}`,
  );
}

/**
 * Moves the members' data, and the checkpoints that are later than `to`, to a folder; returns its
 * path.
 */
function setAside(folders: DatabaseFolders, to: Date): string {
  const aside = join(folders.folder, `before-restore-${Date.now()}`);
  makeFoldersAsOwner(folders.owner, [aside]);
  const members = MACHINE_NAMES.map((name) => memberData(folders.folder, { name }));
  const later = checkpointsOf(folders).filter(({ at }) => at > to);
  for (const path of [...members, ...later.map((each) => each.path)].filter(existsSync)) {
    const name = path.slice(folders.folder.length + 1).replaceAll('/', '-');
    renameAsOwner(folders.owner, path, join(aside, name));
  }
  return aside;
}

/**
 * Configures the recovery. Segments that are not in the archive yet come from the members' own
 * logs.
 */
function writeRecovery(data: string, folders: DatabaseFolders, to: Date): void {
  const { folder, owner } = folders;
  const logs = MACHINE_NAMES.map((name) => join(memberData(folder, { name }), 'pg_wal'));
  const fetch = [archiveFolder(folder), ...logs]
    .map((source) => `cp ${source}/%f %p 2>/dev/null`)
    .join(' || ');
  const settings = [
    `restore_command = '${fetch}'`,
    `recovery_target_time = '${to.toISOString().replace('T', ' ').replace('Z', '+00')}'`,
    `recovery_target_action = 'promote'`,
    `recovery_target_timeline = 'latest'`,
  ];
  const append = ['-a', '--', join(data, 'postgresql.auto.conf')];
  runAsOwner(owner, 'tee', append, `${settings.join('\n')}\n`);
  runAsOwner(owner, 'touch', ['--', join(data, 'recovery.signal')]);
}

async function recover(
  data: string,
  { home, folders, signal, say }: RestoreOptions,
): Promise<void> {
  const { owner, settings } = folders;
  const port = await freePort();
  const logFile = join(home, 'logs/restore.log');
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Otherwise commits would wait for the previous standbys.
    synchronous_standby_names: '',
  };
  const child = startProcess({
    command: join(binariesFor(data), 'postgres'),
    args: [
      '-D',
      data,
      ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: POSTGRES_ENVIRONMENT,
    logFile,
    pidFile: join(home, 'restore.pid'),
    cwd: '/',
    ...owner,
  });
  const url = `postgresql://daytrade:${settings.password}@127.0.0.1:${port}/postgres`;
  try {
    await untilReady(() => probePrimary(url), {
      name: 'the recovery',
      child,
      logFile,
      longestMs: RECOVER_MAX_MS,
      signal,
      say,
      explain: () =>
        new SetUpError([
          'The database could not be brought to that moment.',
          `Its log says why: ${logFile}`,
          'The data is as it was: mend that, then try again.',
        ]),
    });
  } finally {
    await stopProcess(child, 'SIGINT', STOP_MAX_MS);
  }
}
