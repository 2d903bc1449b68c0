/** Renders a status for people, for a terminal of 80 columns. Pure. */
import { renderBytes } from '../host/free-bytes.ts';
import { columns } from './columns.ts';
import type { BrokerMember, Members } from '../services/replicated/read-members.ts';
import type { ShardState, Status } from './load-status.ts';

export function renderStatus(status: Status): string {
  return [
    ...(status.troubles.length === 0 ? [] : [section('NOT WELL', troubleRows(status))]),
    section(`Processes on ${status.home}`, processRows(status)),
    ...(status.scaling.length === 0 ? [] : [section('Scaling', scalingRows(status))]),
    ...(status.members === undefined ? [] : [section('Machines', memberRows(status.members))]),
    section('Shards', shardRows(status)),
    section('Queues', queueRows(status)),
    section('Stored', storedRows(status)),
    section('Last errors', errorRows(status)),
  ].join('\n\n');
}

const section = (title: string, rows: readonly (readonly string[])[]): string =>
  `${title}\n${columns(rows)}`;

const troubleRows = ({ troubles }: Status): readonly (readonly string[])[] =>
  troubles.flatMap(({ service, since, what, remedy }) => [
    [service, `since ${since.slice(0, 19)}: ${what}`],
    ['', remedy],
  ]);

const processRows = ({ processes }: Status): readonly (readonly string[])[] => [
  ['name', 'pid', 'restarts', 'CPU', 'memory'],
  ...processes.map(({ name, pid, restarts, cpuPercent, memoryBytes }) => [
    name,
    pid?.toString() ?? 'restarting',
    restarts.toString(),
    `${cpuPercent} %`,
    renderBytes(memoryBytes),
  ]),
];

const scalingRows = ({ scaling }: Status): readonly (readonly string[])[] =>
  scaling.flatMap(({ pool, least, most, changes }) => [
    [`${pool} follows its work, with ${least} to ${most} processes`],
    ...changes.map(({ at, from, to, reason }) => [at.slice(0, 19), `${from} to ${to}`, reason]),
  ]);

/**
 * Returns one row per machine: its database and its broker. A broker is *needed* while some queue
 * would lose its majority without it.
 */
function memberRows({ databases, brokers }: Members): readonly (readonly string[])[] {
  const names = [...databases, ...brokers].map(({ machine }) => machine);
  return [
    ['machine', 'database', 'state', 'behind', 'broker', 'queues led'],
    ...[...new Set(names)].sort().map((name) => {
      const database = databases.find(({ machine }) => machine === name);
      const broker = brokers.find(({ machine }) => machine === name);
      return [
        name,
        database?.role ?? 'unknown',
        database?.state ?? '',
        database?.lagBytes === undefined ? '' : renderBytes(database.lagBytes),
        brokerState(broker),
        broker?.queuesLed.toString() ?? '',
      ];
    }),
  ];
}

function brokerState(broker: BrokerMember | undefined): string {
  if (broker === undefined) return 'unknown';
  if (!broker.isRunning) return 'DOWN';
  // A broker that does not answer this may be needed.
  return broker.neededBy?.length === 0 ? 'running' : 'running, needed';
}

const UNKNOWN = [['unknown: set AMQP_MANAGEMENT_URL, or see that the management API answers']];

function shardRows({ shards }: Status): readonly (readonly string[])[] {
  if (shards === undefined) return UNKNOWN;
  const holders = [...new Set(shards.map(({ holder }) => holder))].sort();
  return holders.map((holder) => {
    const held = shards.filter((shard) => shard.holder === holder);
    return [holder ?? 'NOBODY', held.map(({ shard }) => twoDigits(shard)).join(' '), backing(held)];
  });
}

const twoDigits = (shard: number): string => shard.toString().padStart(2, '0');

function backing(held: readonly ShardState[]): string {
  const alone = held.filter(({ standby }) => standby.length === 0).length;
  return alone === 0 ? 'standby for each' : `${alone} without a standby`;
}

/** Returns the queues that hold messages or receive some, and counts the others. */
function queueRows({ queues }: Status): readonly (readonly string[])[] {
  if (queues === undefined) return UNKNOWN;
  const busy = queues.filter(
    ({ ready, unacked, publishedPerSecond }) => ready + unacked + publishedPerSecond > 0,
  );
  return [
    ['name', 'ready', 'unacked', 'in/s', 'out/s', 'taken by'],
    ...busy.map((queue) => [
      queue.name,
      queue.ready.toString(),
      queue.unacked.toString(),
      queue.publishedPerSecond.toFixed(0),
      queue.deliveredPerSecond.toFixed(0),
      queue.active.length === 0 ? 'nobody' : queue.active.length.toString(),
    ]),
    [`(${queues.length - busy.length} others are empty)`],
  ];
}

function storedRows({ stored, queues, ...status }: Status): readonly (readonly string[])[] {
  const parked = (queues ?? []).filter(({ name }) => name.endsWith('.parked'));
  const parkedMessages = parked.reduce((sum, { ready }) => sum + ready, 0);
  const { databaseDisk } = status;
  return [
    ...(stored === undefined
      ? [['database', 'unknown: it does not answer']]
      : figureRows(stored, status.quoteCentsLastHour ?? 0)),
    ['parked', queues === undefined ? 'unknown' : `${parkedMessages} messages`],
    ['disk', `${renderBytes(status.diskFreeBytes)} free`, filesText(status)],
    ...(databaseDisk === undefined
      ? []
      : [['database disk', `${renderBytes(databaseDisk.freeBytes)} free`, databaseDisk.folder]]),
  ];
}

function figureRows(
  stored: NonNullable<Status['stored']>,
  quoteCents: number,
): readonly (readonly string[])[] {
  const audit = stored.auditPartitions.reduce((sum, partition) => sum + partition.bytes, 0);
  return [
    ['accounts', stored.accounts.toString(), `${stored.armedTriggers} armed triggers`],
    ['outbox', `${stored.outboxRows} rows`, `oldest ${stored.outboxOldestS.toFixed(1)} s`],
    [
      'quotes',
      `${stored.quoteHitsLastHour} hits in the last hour`,
      `$${(quoteCents / 100).toFixed(2)}`,
    ],
    ['database', renderBytes(stored.databaseBytes), `audit log ${renderBytes(audit)}`],
  ];
}

const filesText = ({ fileBytes }: Pick<Status, 'fileBytes'>): string =>
  Object.entries(fileBytes)
    .map(([name, size]) => `${name} ${renderBytes(size)}`)
    .join(', ');

const errorRows = ({ errors }: Status): readonly (readonly string[])[] =>
  errors.length === 0
    ? [['none in the logs']]
    : errors.map(({ at, process, event }) => [at.slice(0, 19), process, event]);
