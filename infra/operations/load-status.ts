/** Collects the status of a running system from all its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DUMP_FOLDERS } from '../../shared/domain/dump-path.ts';
import { CENTS_PER_HIT } from '../../shared/domain/quote.ts';
import { commandsQueue } from '../../shared/messages/address.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { loadSystemFigures, type SystemFigures } from '../../shared/pg/system-figures.ts';
import { loadQueues, processOf, type QueueState } from '../rabbitmq/load-queues.ts';
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import type { ProcessInfo, SystemInfo } from '../../shared/control/system-info.ts';
import { openUsageMeter } from '../supervisor/process-usage.ts';
import { readMembers, type Members } from '../services/replicated/read-members.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import { freeBytesOf } from '../host/free-bytes.ts';
import { parseLogLine, readTail, type LogLine } from '../host/log-lines.ts';

export type ShardState = {
  readonly shard: number;
  /** The process that consumes the shard's commands; undefined if there is none. */
  readonly holder: string | undefined;
  readonly standby: readonly string[];
  readonly waiting: number;
};

export type Status = {
  readonly at: string;
  /** The faults that keep the system from working; shown first. */
  readonly troubles: readonly Trouble[];
  readonly home: string;
  readonly processes: readonly (ProcessInfo & {
    readonly cpuPercent: number;
    readonly memoryBytes: number;
  })[];
  /** The pools whose size follows their load, and the changes of their sizes. */
  readonly scaling: SystemInfo['scaling'];
  /** Undefined if the system is not replicated. */
  readonly members: Members | undefined;
  /** Like `queues`, undefined if the broker's management API is not known or does not answer. */
  readonly shards: readonly ShardState[] | undefined;
  readonly queues: readonly QueueState[] | undefined;
  /** Undefined if the database does not answer. */
  readonly stored: SystemFigures | undefined;
  /** The price of the last hour's hits on the quote server; undefined like `stored`. */
  readonly quoteCentsLastHour: number | undefined;
  readonly diskFreeBytes: number;
  /** The disk of the private database, if that is not in the data folder. */
  readonly databaseDisk: { readonly folder: string; readonly freeBytes: number } | undefined;
  /** The size of the system's own files, without the services' data. */
  readonly fileBytes: Readonly<Record<FileFolder, number>>;
  readonly errors: readonly LogLine[];
};

/** The folders of the data folder that grow, and whose files an operator may delete. */
type FileFolder = 'logs' | 'traces' | 'dumps' | 'archives';

const ANSWER_MAX_MS = 3_000;
const USAGE_MS = 500;
const ERRORS_MAX = 5;
const TAIL_BYTES = 64 * 1_024;

/** Collects the status in about 3 s at most; what a silent service would know is undefined. */
export async function loadStatus(info: SystemInfo, home: string, pool: Pool): Promise<Status> {
  const [usage, members, queues, stored] = await Promise.all([
    loadUsage(info.processes),
    info.machines.length === 0 ? undefined : unlessAway(readMembers(info.machines)),
    unlessAway(queuesOf(info)),
    unlessAway(loadSystemFigures(pool)),
  ]);
  return {
    at: new Date().toISOString(),
    troubles: info.troubles,
    home,
    processes: usage,
    scaling: info.scaling,
    members,
    shards: queues && shardsIn(queues, info.shards),
    queues,
    stored,
    quoteCentsLastHour: stored && stored.quoteHitsLastHour * CENTS_PER_HIT,
    diskFreeBytes: freeBytesOf(home),
    databaseDisk: databaseDiskOf(info.databaseFolder, home),
    fileBytes: fileBytesIn(home),
    errors: recentErrors(info.logFolder),
  };
}

function databaseDiskOf(folder: string | undefined, home: string): Status['databaseDisk'] {
  if (folder === undefined || folder.startsWith(home)) return undefined;
  return { folder, freeBytes: freeBytesOf(folder) };
}

/**
 * Resolves to undefined if a service fails or does not answer in 3 s, so that the rest is shown.
 */
async function unlessAway<Value>(work: Promise<Value>): Promise<Value | undefined> {
  const silence = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), ANSWER_MAX_MS).unref();
  });
  return await Promise.race([work.catch(() => undefined), silence]);
}

async function queuesOf(info: SystemInfo): Promise<readonly QueueState[] | undefined> {
  if (info.managementUrl === undefined) return undefined;
  return await loadQueues(openManagement(info.managementUrl), virtualHostOf(info.amqpUrl));
}

/** Returns the consumers of each shard's queue. Pure. */
export function shardsIn(queues: readonly QueueState[], shards: number): readonly ShardState[] {
  return [...Array(shards).keys()].map((shard) => {
    const queue = queues.find(({ name }) => name === commandsQueue(shard));
    const [tag] = queue?.active ?? [];
    return {
      shard,
      holder: tag && processOf(tag),
      standby: (queue?.standby ?? []).map(processOf),
      waiting: (queue?.ready ?? 0) + (queue?.unacked ?? 0),
    };
  });
}

async function loadUsage(processes: readonly ProcessInfo[]): Promise<Status['processes']> {
  const meter = openUsageMeter(() => processes);
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, USAGE_MS));
  const elapsedMs = performance.now() - startedAt;
  const usages = new Map(meter.stop().map((usage) => [usage.name, usage]));
  return processes.map((process) => {
    const usage = usages.get(process.name);
    const cpuMs = (usage?.cpuUserMs ?? 0) + (usage?.cpuSystemMs ?? 0);
    return {
      ...process,
      cpuPercent: Math.round((100 * cpuMs) / elapsedMs),
      memoryBytes: usage?.rssMaxBytes ?? 0,
    };
  });
}

function fileBytesIn(home: string): Status['fileBytes'] {
  const of = (name: FileFolder): number => bytesIn(join(home, name));
  const dumps = (): number =>
    DUMP_FOLDERS.reduce((sum, folder) => sum + bytesIn(join(home, folder)), 0);
  return { logs: of('logs'), traces: of('traces'), dumps: dumps(), archives: of('archives') };
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
}

/** Returns the latest errors in the logs, newest first. */
function recentErrors(folder: string): readonly LogLine[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readTail(join(folder, name), TAIL_BYTES))
    .map(parseLogLine)
    .filter((line) => line?.level === 'error')
    .filter((line) => line !== undefined)
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, ERRORS_MAX);
}
