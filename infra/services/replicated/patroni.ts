/** PostgreSQL under Patroni: one primary, and standbys of which one has each commit before it is told. */
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineInfo } from '../../supervisor/control-server.ts';
import { asOwner, writeOwnedFile } from '../as-owner.ts';
import { postmasterOf, removeStalePostmasterPid } from '../left-behind.ts';
import { newestBinaries } from '../postgres.ts';
import { ownerOf, type Owner } from '../postgres-data.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { Machine } from './machines.ts';
import { fetchOk, startMember, type Member } from './member.ts';

const PATRONI = '/usr/bin/patroni';

/**
 * A primary that is lost is noticed when its lease in etcd ends, so the lease is short: the primary
 * renews it each second, and gives up writing by itself when it could not for as long.
 */
const LEASE_S = 5;
const LOOP_S = 1;
const RETRY_S = 2;
/** Where the machine is lost, one of the two ends a moment before the other. */
const BOTH_ENDED_MS = 300;
/** Two wal senders a standby and as many for backups. */
const WAL_SENDERS = 8;

export const patroniName = ({ name }: Pick<Machine, 'name'>): string => `postgresql-${name}`;
export const patroniUrl = ({ address, ports }: Machine): string =>
  `http://${address}:${ports.patroni}`;
export const archiveFolder = (databaseFolder: string): string => join(databaseFolder, 'archive');
/** Segments that differ from those of the same name in the archive. */
export const asideFolder = (archive: string): string => join(archive, 'aside');
export const memberData = (databaseFolder: string, machine: Pick<Machine, 'name'>): string =>
  join(databaseFolder, machine.name, 'data');

/** A member's settings, with passwords: beside the folder of the databases, where their user adds nothing. */
const patroniFile = (databaseFolder: string, name: string): string =>
  join(dirname(databaseFolder), `patroni-${name}.yml`);

/** Replaces a member's settings. The new file is there whole before its name is. */
function writeSettings(file: string, settings: object, owner: Owner): void {
  const part = `${file}.part`;
  rmSync(part, { force: true });
  // JSON is YAML too.
  writeOwnedFile(part, JSON.stringify(settings, undefined, 2), owner);
  renameSync(part, file);
}

/** Changes what a member copies from, for Patroni to read at its next reload. */
export function writeTags({ name, databaseFolder }: MachineInfo, tags: object): void {
  const file = patroniFile(dirname(dirname(databaseFolder)), name);
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeSettings(file, { ...settings, tags }, ownerOf());
}

export function startPatroni(machine: Machine, options: ClusterOptions): Promise<Member> {
  const { databaseFolder, owner } = options;
  const folder = join(databaseFolder, machine.name);
  const file = patroniFile(databaseFolder, machine.name);
  const archive = archiveFolder(databaseFolder);
  asOwner(owner, () => {
    for (const each of [folder, archive, asideFolder(archive)]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
    }
  });
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
 * A Patroni whose PostgreSQL went with it waits until its lease has ended, as a machine that is lost
 * would. Sooner it takes the lease up again, and recovers for longer than another needs to take over.
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
      // Never its own: that one is cut off with it, and tells for a moment after, as if it were so still,
      // that this member holds the lease. Patroni believes it and takes the lease from whoever has it: what
      // was committed there meanwhile would be lost.
      hosts: machines
        .filter(({ name }) => name !== machine.name)
        .map((each) => `${each.address}:${each.ports.etcd}`),
      // Those and no others: it would ask them for all members otherwise.
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
      bin_dir: newestBinaries(),
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
      // One that can't be rewound is copied anew: nobody is there to do it by hand.
      remove_data_directory_on_rewind_failure: true,
      remove_data_directory_on_diverged_timelines: true,
    },
  };
}

/** Kept in etcd, the same for all members; `patronictl edit-config` changes it on a live system. */
export function dcsSettings({ databaseFolder, strict }: ClusterOptions): object {
  return {
    ttl: LEASE_S,
    loop_wait: LOOP_S,
    retry_timeout: RETRY_S,
    // A primary that crashed is not waited for: a standby has all that was told.
    primary_start_timeout: 0,
    synchronous_mode: true,
    synchronous_mode_strict: strict,
    postgresql: {
      use_pg_rewind: true,
      // Those of a new primary are made a second or two after it could take commits: standbys would
      // wait for them. One that was away for longer than the log is kept reads it from the archive.
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
        // A standby that is cut off, not merely busy: commits wait for it until then.
        tcp_user_timeout: '1s',
        // Where nothing is being written it is asked: its kernel answers, however busy it is itself.
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
 * A segment is in the archive whole or not at all, and stays as it was. A primary that was cut off may
 * archive the end of a timeline that the others had left, and again once it has been rewound to their
 * version: what differs is laid aside, for no recovery follows it, and a fault would keep back all
 * that comes after. Exported for its test.
 */
export const archiveCommand = (folder: string): string =>
  [
    `d=${folder}; if [ -f $d/%f ] && ! cmp -s %p $d/%f; then d=${asideFolder(folder)}; fi`,
    '[ -f $d/%f ] && cmp -s %p $d/%f || { cp %p $d/%f.part.$$ && sync $d/%f.part.$$ && mv $d/%f.part.$$ $d/%f; }',
  ].join('; ');

const restoreCommand = (folder: string): string => `cp ${folder}/%f %p`;
