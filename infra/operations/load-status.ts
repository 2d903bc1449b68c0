/** Everything an operator wants to know of a running system, from where it is known. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DUMP_FOLDERS } from '../../shared/domain/dump-path.ts';
import { commandsQueue } from '../../shared/messages/address.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { loadSystemFigures, type SystemFigures } from '../../shared/pg/system-figures.ts';
import { loadQueues, processOf, type QueueState } from '../rabbitmq/load-queues.ts';
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { openManagement } from '../rabbitmq/management.ts';
import type { ProcessInfo, SystemInfo } from '../supervisor/control-server.ts';
import { openUsageMeter } from '../supervisor/process-usage.ts';
import { readMembers, type Members } from '../services/replicated/read-members.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import { freeBytesOf } from './free-bytes.ts';
import { parseLogLine, readTail, type LogLine } from './log-lines.ts';

export type ShardState = {
  readonly shard: number;
  /** Undefined where nobody takes its commands. */
  readonly holder: string | undefined;
  readonly standby: readonly string[];
  readonly waiting: number;
};

export type Status = {
  readonly at: string;
  /** What keeps the system from its work: named first. */
  readonly troubles: readonly Trouble[];
  readonly home: string;
  readonly processes: readonly (ProcessInfo & {
    readonly cpuPercent: number;
    readonly memoryBytes: number;
  })[];
  /** Pools whose size follows their work, and how it changed. */
  readonly scaling: SystemInfo['scaling'];
  /** Undefined where the system is not replicated. */
  readonly members: Members | undefined;
  /** Both undefined where the broker's management API is not known. */
  readonly shards: readonly ShardState[] | undefined;
  readonly queues: readonly QueueState[] | undefined;
  /** Undefined while the database does not answer. */
  readonly stored: SystemFigures | undefined;
  /** What the last hour's hits on the quote server cost; undefined as `stored` is. */
  readonly quoteCentsLastHour: number | undefined;
  readonly diskFreeBytes: number;
  /** Of the private database, where it is not in the data folder. */
  readonly databaseDisk: { readonly folder: string; readonly freeBytes: number } | undefined;
  /** What the data folder holds beside the services' own data. */
  readonly fileBytes: Readonly<Record<FileFolder, number>>;
  readonly errors: readonly LogLine[];
};

/** Folders of the data folder that grow, and whose files an operator may take away. */
type FileFolder = 'logs' | 'traces' | 'dumps' | 'archives';

const CENTS_PER_HIT = 5;
const ANSWER_MAX_MS = 3_000;
const USAGE_MS = 500;
const ERRORS_MAX = 5;
const TAIL_BYTES = 64 * 1_024;

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

/** A service that is away, or silent, is not waited for: everything else is shown. */
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

/** Who takes each shard's commands, by the queues. Pure. */
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

/** The latest first. */
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
