/** Makes what the topology says exist. Declaring again what exists changes nothing. */
import type { Channel } from 'amqplib';
import type { ExchangeSpec, QueueSpec, Topology } from '../messages/topology.ts';
import type { Link } from './link.ts';

export async function declareExchange(channel: Channel, spec: ExchangeSpec): Promise<void> {
  await channel.assertExchange(spec.name, spec.type, { durable: true });
}

/** Quorum queues: faster than classic ones here, and their order survives a standby taking over. */
export async function declareQueue(channel: Channel, spec: QueueSpec): Promise<void> {
  await channel.assertQueue(spec.name, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      ...(spec.singleActiveConsumer && { 'x-single-active-consumer': true }),
    },
  });
  for (const { exchange, key } of spec.bindings) await channel.bindQueue(spec.name, exchange, key);
}

/** Declares everything, queues side by side: each quorum queue takes the broker a few milliseconds. */
export async function declareTopology(link: Link, topology: Topology): Promise<void> {
  const declare = async (model: Parameters<Parameters<Link['listen']>[0]>[0]): Promise<void> => {
    const channel = await model.createChannel();
    await Promise.all(topology.exchanges.map((spec) => declareExchange(channel, spec)));
    await Promise.all(topology.queues.map((spec) => declareQueue(channel, spec)));
    await channel.close();
  };
  await link.listen(declare);
  link.unlisten(declare);
}
