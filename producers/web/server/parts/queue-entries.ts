/** Loads the state of the queues from the management API of the broker. */
import { openManagement } from '../../../../shared/amqp/management.ts';
import { topologyOf } from '../../../../shared/messages/topology.ts';
import { commandsQueue } from '../../../../shared/messages/address.ts';
import type { QueueEntry } from '../../../../shared/web-api/admin.ts';
import { MANAGEMENT_TIMEOUT_MS } from './limits.ts';
import type { WebParts } from './web-parts.ts';

/** Resolves to an entry for each queue of the topology, with zeros for one that does not exist. */
export async function loadQueueEntries(
  { url, virtualHost }: NonNullable<WebParts['management']>,
  shardCount: number,
): Promise<QueueEntry[]> {
  const asked = openManagement(url, MANAGEMENT_TIMEOUT_MS).ask('GET', ['queues', virtualHost]);
  const found = (await asked) as readonly Record<string, unknown>[];
  const byName = new Map(found.map((queue) => [queue['name'], queue]));
  return topologyOf(shardCount).queues.map(({ name }) => entryOf(name, byName.get(name)));
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function entryOf(name: string, queue: Readonly<Record<string, unknown>> = NOTHING): QueueEntry {
  const stats = (queue['message_stats'] ?? NOTHING) as Readonly<Record<string, unknown>>;
  return {
    name,
    shard: shardOfQueue(name),
    ready: numberIn(queue, 'messages_ready'),
    unacked: numberIn(queue, 'messages_unacknowledged'),
    consumers: numberIn(queue, 'consumers'),
    publishedPerSecond: rateIn(stats, 'publish_details'),
    ackedPerSecond: rateIn(stats, 'ack_details'),
  };
}

const SHARD = /\.(\d+)$/;

function shardOfQueue(name: string): number | null {
  const shard = Number(SHARD.exec(name)?.[1] ?? Number.NaN);
  return name === commandsQueue(shard) ? shard : null;
}

const numberIn = (record: Readonly<Record<string, unknown>>, field: string): number => {
  const value = record[field];
  return typeof value === 'number' ? value : 0;
};

const rateIn = (stats: Readonly<Record<string, unknown>>, field: string): number =>
  numberIn((stats[field] ?? NOTHING) as Readonly<Record<string, unknown>>, 'rate');
