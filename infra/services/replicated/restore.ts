/** The database of a stopped replicated system as it was at a moment. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probePrimary } from '../../../shared/pg/probe.ts';
import { SetUpError, UsageError } from '../../../shared/runtime/errors.ts';
import { asOwner } from '../as-owner.ts';
import { freePort } from '../ports.ts';
import { newestBinary, POSTGRES_ENVIRONMENT } from '../postgres.ts';
import { startProcess, stopProcess, untilReady } from '../private-process.ts';
import { checkpointsOf, type Checkpoint, type DatabaseFolders } from './checkpoints.ts';
import { etcdName } from './etcd.ts';
import { MACHINE_NAMES } from './machines.ts';
import { archiveFolder, memberData } from './patroni.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const RECOVER_MAX_MS = 600_000;
const STOP_MAX_MS = 60_000;

export type RestoreOptions = {
  readonly home: string;
  readonly folders: DatabaseFolders;
  readonly to: Date;
  /** Ends the recovery; the members' data is as it was then. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/**
 * Recovers beside the members' data, and puts it in their place only when that is done. Resolves to
 * the folder where the data of before is: nothing of it is deleted.
 */
export async function restoreTo(options: RestoreOptions): Promise<string> {
  const { home, folders, to } = options;
  const checkpoint = checkpointBefore(folders, to);
  const recovering = join(folders.folder, 'recovering');
  const { owner } = folders;
  asOwner(owner, () => rmSync(recovering, { recursive: true, force: true }));
  execFileSync('cp', ['--archive', checkpoint.path, recovering], { ...owner, cwd: '/' });
  asOwner(owner, () => writeRecovery(recovering, folders, to));
  await recover(recovering, options);
  const aside = asOwner(owner, () => {
    const folder = setAside(folders, to);
    // The first machine has it; the others are copied from there when the system starts.
    renameSync(recovering, memberData(folders.folder, { name: MACHINE_NAMES[0] }));
    return folder;
  });
  // Who led before is no matter of who leads now.
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

/** The members' data, and the checkpoints of what is now given up. */
function setAside(folders: DatabaseFolders, to: Date): string {
  const aside = join(folders.folder, `before-restore-${Date.now()}`);
  mkdirSync(aside, { mode: 0o700 });
  const members = MACHINE_NAMES.map((name) => memberData(folders.folder, { name }));
  const later = checkpointsOf(folders).filter(({ at }) => at > to);
  for (const path of [...members, ...later.map((each) => each.path)].filter(existsSync)) {
    renameSync(path, join(aside, path.slice(folders.folder.length + 1).replaceAll('/', '-')));
  }
  return aside;
}

/** What the archive has not got yet is in the members' own logs. */
function writeRecovery(data: string, folders: DatabaseFolders, to: Date): void {
  const { folder } = folders;
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
  appendFileSync(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  writeFileSync(join(data, 'recovery.signal'), '');
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
    // The standbys of before are gone: nothing may wait for them.
    synchronous_standby_names: '',
  };
  const child = startProcess({
    command: newestBinary('postgres'),
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
