/** Declares and deletes the topology. Declaring what exists changes nothing. */
import type { Channel, ChannelModel } from 'amqplib';
import { commandsExchange } from '../messages/address.ts';
import { SHARDS_MAX } from '../domain/shard.ts';
import {
  queueArguments,
  topologyOf,
  type ExchangeSpec,
  type QueueSpec,
  type Topology,
} from '../messages/topology.ts';
import { TransientError } from '../runtime/errors.ts';
import { closeWithinBound } from './bounded-close.ts';
import type { Link } from './link.ts';

async function declareExchange(channel: Channel, spec: ExchangeSpec): Promise<void> {
  await channel.assertExchange(spec.name, spec.type, { durable: true });
}

/**
 * Declares a quorum queue with its bindings, and returns its name. Quorum queues are faster here than
 * classic ones, and keep their order when a standby consumer takes over.
 */
export async function declareQueue(channel: Channel, spec: QueueSpec): Promise<string> {
  await channel.assertQueue(spec.name, { durable: true, arguments: queueArguments(spec) });
  for (const { exchange, key } of spec.bindings) await channel.bindQueue(spec.name, exchange, key);
  return spec.name;
}

/** Declares everything. Queues are declared in parallel: each takes the broker a few milliseconds. */
export async function declareTopology(link: Link, topology: Topology): Promise<void> {
  await onChannel(link, async (channel) => {
    await Promise.all(topology.exchanges.map((spec) => declareExchange(channel, spec)));
    await Promise.all(topology.queues.map((spec) => declareQueue(channel, spec)));
  });
}

export const deleteExchange = (link: Link, name: string): Promise<void> =>
  onChannel(link, async (channel) => {
    await channel.deleteExchange(name);
  });

/** Deletes queues with their messages. A queue that does not exist is no error. */
export const deleteQueues = (link: Link, names: readonly string[]): Promise<void> =>
  onChannel(link, async (channel) => {
    await Promise.all(names.map((name) => channel.deleteQueue(name)));
  });

/** Deletes the topologies of all shard counts, and nothing else. What does not exist is no error. */
export async function deleteTopology(link: Link): Promise<void> {
  const { exchanges, queues } = topologyOf(SHARDS_MAX);
  const counts = Array.from({ length: SHARDS_MAX }, (_, index) => commandsExchange(index + 1));
  const names = new Set([...exchanges.map(({ name }) => name), ...counts]);
  await onChannel(link, async (channel) => {
    await Promise.all(queues.map(({ name }) => channel.deleteQueue(name)));
    await Promise.all([...names].map((name) => channel.deleteExchange(name)));
  });
}

/**
 * Runs `work` once on a channel of its own, and closes the channel. Throws a `TransientError` if the link is
 * down, or if the connection is lost before `work` is done: what it counted or listed is then incomplete.
 */
export async function onChannel(
  link: Link,
  work: (channel: Channel) => Promise<void>,
): Promise<void> {
  const progress = { isDone: false };
  const listener = async (model: ChannelModel): Promise<void> => {
    const channel = await model.createChannel();
    try {
      await work(channel);
      progress.isDone = true;
    } finally {
      // Ignores errors of closing, so that an error of `work` that closed the channel is the one thrown.
      await closeWithinBound(channel.close());
    }
  };
  // The link keeps the fault of a lost connection to itself, for it would call the listener on the next one.
  await link.listen(listener).finally(() => link.unlisten(listener));
  if (progress.isDone) return;
  throw new TransientError('broker-unavailable', 'the connection to the broker was lost');
}
