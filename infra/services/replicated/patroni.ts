/**
 * Runs PostgreSQL under Patroni: one primary, and two standbys, one of which has each commit before
 * it is acknowledged.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineInfo } from '../../../shared/control/system-info.ts';
import { makeFoldersAsOwner, writeOwnedFile, type Owner } from '../../host/as-owner.ts';
import { postmasterOf, removeStalePostmasterPid } from '../private/left-behind.ts';
import { binariesFor } from '../private/postgres-binaries.ts';
import { ownerOf } from '../private/postgres-data.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { Machine } from './machine.ts';
import { fetchOk, startMember, type Member } from './member.ts';

const PATRONI = '/usr/bin/patroni';

/**
 * The longest time, in seconds, until the loss of a primary is noticed: that is when its lease in
 * etcd ends. The primary renews the lease each second, and stops accepting writes by itself when it
 * could not renew it for as long.
 */
const LEASE_S = 5;
const LOOP_S = 1;
const RETRY_S = 2;
/** If the machine is lost, Patroni and PostgreSQL end within this time of each other. */
const BOTH_ENDED_MS = 300;
/** Two WAL senders for each standby, and as many for backups. */
const WAL_SENDERS = 8;

export const patroniName = ({ name }: Pick<Machine, 'name'>): string => `postgresql-${name}`;
export const patroniUrl = ({ address, ports }: Machine): string =>
  `http://${address}:${ports.patroni}`;
/** The folder that receives the archived segments of the write-ahead log. */
export const archiveFolder = (databaseFolder: string): string => join(databaseFolder, 'archive');
/** The folder for segments that differ from the archived ones with the same name. */
export const asideFolder = (archive: string): string => join(archive, 'aside');
/** Returns the data directory of a member's PostgreSQL. */
export const memberData = (databaseFolder: string, machine: Pick<Machine, 'name'>): string =>
  join(databaseFolder, machine.name, 'data');

/**
 * A member's settings, including passwords. They lie next to the databases' folder, where
 * PostgreSQL's user cannot add files.
 */
const patroniFile = (databaseFolder: string, name: string): string =>
  join(dirname(databaseFolder), `patroni-${name}.yml`);

/** Replaces a member's settings atomically. */
function writeSettings(file: string, settings: object, owner: Owner): void {
  const part = `${file}.part`;
  rmSync(part, { force: true });
  // Patroni reads YAML, and JSON is YAML too.
  writeOwnedFile(part, JSON.stringify(settings, undefined, 2), owner);
  renameSync(part, file);
}

/**
 * Changes a member's tags, such as the member that it copies from. Patroni reads them at its next
 * reload.
 */
export function writeTags({ name, databaseFolder }: MachineInfo, tags: object): void {
  const file = patroniFile(dirname(dirname(databaseFolder)), name);
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeSettings(file, { ...settings, tags }, ownerOf());
}

/**
 * Starts Patroni on a machine; resolves when its PostgreSQL is up. Removes a stale `postmaster.pid`
 * first.
 */
export function startPatroni(machine: Machine, options: ClusterOptions): Promise<Member> {
  const { databaseFolder, owner } = options;
  const folder = join(databaseFolder, machine.name);
  const file = patroniFile(databaseFolder, machine.name);
  const archive = archiveFolder(databaseFolder);
  makeFoldersAsOwner(owner, [folder, archive, asideFolder(archive)]);
  writeSettings(file, configOf(machine, options), owner);
  const data = memberData(databaseFolder, machine);
  removeStalePostmasterPid(data);
  return startMember({
    ...options,
    name: patroniName(machine),
    machine,
    program: { command: PATRONI, args: [file], ...owner },
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: folder },
    cwd: folder,
    mayRestart: () => untilLeaseOver(data),
    probe: () => fetchOk(`${patroniUrl(machine)}/health`),
  });
}

/**
 * Waits until the lease has ended if PostgreSQL ended together with Patroni, as after the loss of a
 * machine. A Patroni that starts earlier takes up its own lease again, and its recovery takes
 * longer than another member needs to take over.
 */
async function untilLeaseOver(data: string): Promise<void> {
  await sleep(BOTH_ENDED_MS);
  if (postmasterOf(data) === undefined) await sleep(LEASE_S * 1_000 - BOTH_ENDED_MS);
}

function configOf(machine: Machine, options: ClusterOptions): object {
  const { databaseFolder, machines, password, replicationPassword } = options;
  const { address, ports } = machine;
  return {
    scope: 'daytrade',
    name: machine.name,
    restapi: {
      listen: `${address}:${ports.patroni}`,
      connect_address: `${address}:${ports.patroni}`,
    },
    etcd3: {
      // Excludes the member's own etcd. When the machine is cut off, its etcd is cut off too. For a
      // moment after the reconnect it still answers that this member holds the lease. Patroni would
      // believe that and take the lease from its new holder, and the commits there would be lost.
      hosts: machines
        .filter(({ name }) => name !== machine.name)
        .map((each) => `${each.address}:${each.ports.etcd}`),
      // Keeps Patroni to these hosts; otherwise it would ask them for all members.
      use_proxies: true,
    },
    bootstrap: {
      dcs: dcsSettings(options),
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'data-checksums'],
    },
    postgresql: {
      listen: `${address}:${ports.postgres}`,
      connect_address: `${address}:${ports.postgres}`,
      data_dir: memberData(databaseFolder, machine),
      bin_dir: binariesFor(memberData(databaseFolder, machine)),
      pgpass: join(databaseFolder, machine.name, 'pgpass'),
      authentication: {
        superuser: { username: 'daytrade', password },
        replication: { username: 'replication', password: replicationPassword },
      },
      pg_hba: [
        'host replication replication samenet scram-sha-256',
        'host all all samenet scram-sha-256',
      ],
      parameters: { unix_socket_directories: '' },
      // Copies a member that cannot be rewound again: no operator is there to do it.
      remove_data_directory_on_rewind_failure: true,
      remove_data_directory_on_diverged_timelines: true,
    },
  };
}

/**
 * Returns the settings kept in etcd, which are the same for all members. `patronictl edit-config`
 * changes them on a running system.
 */
export function dcsSettings({ databaseFolder, strict }: ClusterOptions): object {
  return {
    ttl: LEASE_S,
    loop_wait: LOOP_S,
    retry_timeout: RETRY_S,
    // Does not wait for a crashed primary to start again: a standby has every acknowledged commit.
    primary_start_timeout: 0,
    synchronous_mode: true,
    synchronous_mode_strict: strict,
    postgresql: {
      use_pg_rewind: true,
      // A new primary makes its slots only a second or two after it could accept commits, and
      // standbys would wait for them. Without slots, a standby that was away for longer than the
      // log is kept reads the archive.
      use_slots: false,
      recovery_conf: { restore_command: restoreCommand(archiveFolder(databaseFolder)) },
      parameters: {
        max_connections: 100,
        shared_buffers: '128MB',
        max_wal_size: '1GB',
        wal_keep_size: '256MB',
        max_wal_senders: WAL_SENDERS,
        checkpoint_timeout: '15min',
        wal_log_hints: 'on',
        wal_receiver_timeout: '3s',
        wal_sender_timeout: '3s',
        // Detects a standby that is cut off, not one that is busy: commits wait for it until then.
        tcp_user_timeout: '1s',
        // Probes an idle connection: the kernel answers, however busy its machine is.
        tcp_keepalives_idle: 1,
        tcp_keepalives_interval: 1,
        wal_retrieve_retry_interval: '200ms',
        jit: 'off',
        password_encryption: 'scram-sha-256',
        archive_mode: 'on',
        archive_command: archiveCommand(archiveFolder(databaseFolder)),
      },
    },
  };
}

/**
 * Returns the command that archives a segment. It stores a segment completely or not at all, and
 * never overwrites one. A primary that was cut off may archive the end of a timeline that the
 * others have left, and archive again after it was rewound to theirs. A segment that differs from
 * the archived one is stored apart, because no recovery follows it; a failing command would hold
 * back all later segments. Exported for its test.
 */
export const archiveCommand = (folder: string): string =>
  [
    `d=${folder}; if [ -f $d/%f ] && ! cmp -s %p $d/%f; then d=${asideFolder(folder)}; fi`,
    '[ -f $d/%f ] && cmp -s %p $d/%f || { cp %p $d/%f.part.$$ && sync $d/%f.part.$$ && mv $d/%f.part.$$ $d/%f; }',
  ].join('; ');

const restoreCommand = (folder: string): string => `cp ${folder}/%f %p`;
