/**
 * Opens a replicated system of three simulated machines: a broker cluster and a replicated
 * database.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { probePrimary } from '../../../shared/pg/probe.ts';
import type { Config } from '../../../shared/runtime/config.ts';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { MachineInfo } from '../../../shared/control/system-info.ts';
import { installPackages } from '../../host/debian.ts';
import { makeOwnedFolder } from '../../host/as-owner.ts';
import { choosePorts } from '../../host/ports.ts';
import { refuseOlderBroker } from '../private/older-broker.ts';
import { binariesFor } from '../private/postgres-binaries.ts';
import { dataFolder, ownerOf } from '../private/postgres-data.ts';
import { readSettings, writeSettings } from '../../host/settings.ts';
import { checkpointsOf, databaseFoldersOf, makeCheckpoint } from './checkpoints.ts';
import {
  newClusterSettings,
  type ClusterOptions,
  type ClusterSettings,
} from './cluster-options.ts';
import { etcdName, startEtcd } from './etcd.ts';
import { HAPROXY_NAME, startHaproxy } from './haproxy.ts';
import { openMachines } from './machines.ts';
import { MACHINE_NAMES, type Machine } from './machine.ts';
import { stopLeftMembers, type Member } from './member.ts';
import { memberData, patroniName, patroniUrl, startPatroni } from './patroni.ts';
import { isReplicated, settingsFile } from './settings-file.ts';
import { ensureSettings } from './patroni-settings.ts';
import {
  brokerUrl,
  epmdName,
  managementUrl,
  rabbitFolder,
  rabbitName,
  startEpmd,
  startRabbitNode,
} from './rabbitmq-node.ts';

type ReplicatedServices = {
  readonly databaseUrl: string;
  /** The URLs of all brokers, separated by commas; empty if only the database was requested. */
  readonly amqpUrl: string;
  readonly managementUrl: string;
  readonly machines: readonly MachineInfo[];
  readonly members: readonly Member[];
  readonly close: () => Promise<void>;
};

type OpenReplicatedOptions = {
  readonly config: Config;
  readonly only?: 'database';
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

const PACKAGES = [
  { file: '/usr/lib/postgresql', name: 'postgresql' },
  { file: '/usr/lib/rabbitmq/bin/rabbitmq-server', name: 'rabbitmq-server' },
  { file: '/usr/bin/patroni', name: 'patroni' },
  { file: '/usr/lib/python3/dist-packages/etcd', name: 'python3-etcd' },
  { file: '/usr/bin/etcd', name: 'etcd-server' },
  { file: '/usr/sbin/haproxy', name: 'haproxy' },
  { file: '/usr/bin/setpriv', name: 'util-linux' },
];

/**
 * Starts the members; resolves when a commit succeeds and all brokers answer. If the start fails,
 * stops what it has started.
 */
export async function openReplicated(options: OpenReplicatedOptions): Promise<ReplicatedServices> {
  const { config, say, only } = options;
  const { home } = config;
  refuseSingle(home);
  await installMissing(options);
  options.signal.throwIfAborted();
  const settings = readSettings(settingsFile(home), newClusterSettings);
  await stopLeftovers(home, say);
  const machines = await openMachines(settings.id, settings.ports);
  const { database } = await choosePorts(['database'], settings.ports);
  const cluster = clusterOptions(options, settings, machines);
  const remember = (formed: boolean): void =>
    writeSettings(settingsFile(home), {
      ...settings,
      ports: { ...machines.chosen, database },
      formed,
    });
  remember(settings.formed);
  const infos = machines.all.map((machine) => infoOf(machine, cluster));
  const members: Member[] = [];
  const keep = async (starting: Promise<Member>): Promise<void> => {
    members.push(await starting);
  };
  const close = async (): Promise<void> => {
    await closeInOrder(members);
    machines.close();
  };
  const databaseUrl = `postgresql://daytrade:${settings.password}@127.0.0.1:${database}/postgres`;
  try {
    machines.all.forEach((machine) => refuseOlderData(machine, cluster));
    say('Starting three machines: RabbitMQ, PostgreSQL under Patroni, etcd; and HAProxy …');
    await startParts(cluster, { port: database, url: databaseUrl, keep }, only);
    await ensureCheckpoint(home, infos);
    if (only === undefined) remember(true);
  } catch (error) {
    await close();
    throw error;
  }
  const brokerUrls = machines.all.map((machine) => brokerUrl(machine, settings.password));
  return {
    databaseUrl,
    amqpUrl: only === undefined ? brokerUrls.join(',') : '',
    managementUrl: managementUrl(machines.all[0] ?? missing(), settings.password),
    machines: infos,
    members,
    close,
  };
}

/** Makes the first base backup: the archive is useful only with one to start from. */
async function ensureCheckpoint(home: string, machines: readonly MachineInfo[]): Promise<void> {
  const folders = databaseFoldersOf(home);
  if (checkpointsOf(folders).length === 0) await makeCheckpoint(folders, machines, 1);
}

const infoOf = (machine: Machine, { password, databaseFolder }: ClusterOptions): MachineInfo => ({
  name: machine.name,
  address: machine.address,
  network: machine.network,
  patroniUrl: patroniUrl(machine),
  databaseFolder: memberData(databaseFolder, machine),
  databaseUrl: `postgresql://daytrade:${password}@${machine.address}:${machine.ports.postgres}/postgres`,
  managementUrl: managementUrl(machine, password),
});

const missing = (): never => {
  throw new TypeError('there are no machines');
};

function refuseSingle(home: string): void {
  if (isReplicated(home) || !existsSync(join(home, 'postgresql.json'))) return;
  throw new SetUpError([
    `${home} holds the data of a system that is not replicated.`,
    'It stays one: its data is not moved by itself.',
    'Set DAYTRADE_HOME to another folder for a replicated system.',
  ]);
}

/** Throws a `SetUpError`, before anything is started, if installed programs cannot open their data. */
function refuseOlderData(machine: Machine, { databaseFolder, home }: ClusterOptions): void {
  binariesFor(memberData(databaseFolder, machine));
  refuseOlderBroker(rabbitFolder(machine, home));
}

async function installMissing({ config, say }: OpenReplicatedOptions): Promise<void> {
  const packages = PACKAGES.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
  if (packages.length === 0) return;
  await installPackages({
    packages,
    purpose: 'a replicated system below the data folder',
    otherwise: 'start without --replicated',
    home: config.home,
    say,
  });
}

async function stopLeftovers(home: string, say: (line: string) => void): Promise<void> {
  const named = MACHINE_NAMES.map((name) => ({ name }));
  const names = [etcdName, patroniName, rabbitName, epmdName].flatMap((of) => named.map(of));
  let wasFound = false;
  const found = (): void => say('Stopping what a run that was killed has left; its data is kept.');
  await stopLeftMembers(home, [HAPROXY_NAME, ...names], () => {
    if (!wasFound) found();
    wasFound = true;
  });
}

function clusterOptions(
  { config, signal, say, log }: OpenReplicatedOptions,
  settings: ClusterSettings,
  machines: { readonly all: readonly Machine[]; readonly ourAddress: string },
): ClusterOptions {
  const { home } = config;
  const owner = ownerOf();
  const databaseFolder = dataFolder(home, settings.id, owner);
  mkdirSync(dirname(databaseFolder), { recursive: true });
  makeOwnedFolder(databaseFolder, owner);
  return {
    ...settings,
    home,
    machines: machines.all,
    ourAddress: machines.ourAddress,
    owner,
    databaseFolder,
    strict: config.replicationStrict,
    signal,
    say,
    log,
  };
}

type Keep = (starting: Promise<Member>) => Promise<void>;
type Database = { readonly port: number; readonly url: string; readonly keep: Keep };

/**
 * Starts the database and, unless only that is requested, the broker. If one fails, aborts the
 * other, which could go on starting for minutes.
 */
async function startParts(
  cluster: ClusterOptions,
  database: Database,
  only: 'database' | undefined,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([cluster.signal, failed.signal]);
  const parts = [
    startDatabase({ ...cluster, signal }, database),
    ...(only === undefined ? [startBroker({ ...cluster, signal }, database.keep)] : []),
  ];
  for (const part of parts) part.catch((error: unknown) => failed.abort(error));
  await settled(parts);
}

/** Starts etcd first, because Patroni finds the leader there. */
async function startDatabase(
  cluster: ClusterOptions,
  { port, url, keep }: Database,
): Promise<void> {
  const { machines, signal, log } = cluster;
  await settled(machines.map((machine) => keep(startEtcd(machine, cluster))));
  await settled([startMembers(cluster, keep), keep(startHaproxy(port, cluster))]);
  await ensureSettings(cluster);
  await untilWritable(url, signal);
  log.info('database is up', { port });
}

/**
 * Starts the members with data first. After a restore only one has data; if it did not lead, the
 * others would make a new database.
 */
async function startMembers(cluster: ClusterOptions, keep: Keep): Promise<void> {
  const { machines, databaseFolder } = cluster;
  const hasData = (machine: Machine): boolean =>
    existsSync(join(memberData(databaseFolder, machine), 'PG_VERSION'));
  const start = (machine: Machine): Promise<void> => keep(startPatroni(machine, cluster));
  const [withData, without] = [machines.filter(hasData), machines.filter((each) => !hasData(each))];
  await settled(withData.map(start));
  await settled(without.map(start));
}

const WRITABLE_MAX_MS = 60_000;

/**
 * Waits for a commit. With synchronous replication, the first one succeeds only once a standby is
 * connected.
 */
async function untilWritable(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + WRITABLE_MAX_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      await probePrimary(url);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Starts the broker nodes. The first node forms the cluster and the others join it; after that,
 * each knows the others.
 */
async function startBroker(cluster: ClusterOptions, keep: Keep): Promise<void> {
  const { machines, formed } = cluster;
  const mappers = new Map(machines.map((machine) => [machine.address, machine]));
  await settled([...mappers.values()].map((machine) => keep(startEpmd(machine, cluster))));
  const [first, ...others] = machines;
  const start = (machine: Machine): Promise<void> => keep(startRabbitNode(machine, cluster));
  if (formed || first === undefined) {
    await settled(machines.map(start));
    return;
  }
  await start(first);
  await settled(others.map(start));
}

/** Waits for all, so that nothing is still starting when the first error is thrown. */
async function settled(all: readonly Promise<void>[]): Promise<void> {
  for (const each of await Promise.allSettled(all)) {
    if (each.status === 'rejected') throw each.reason;
  }
}

/** Stops dependents before the services that they use. */
async function closeInOrder(members: readonly Member[]): Promise<void> {
  for (const prefix of ['haproxy', 'postgresql', 'rabbitmq', 'epmd', 'etcd']) {
    await Promise.all(
      members.filter(({ name }) => name.startsWith(prefix)).map((member) => member.close()),
    );
  }
}
