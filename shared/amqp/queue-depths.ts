/** The depths of the queues of the topology. */
import type { Topology } from '../messages/topology.ts';
import { onChannel } from './declare.ts';
import type { Link } from './link.ts';

/** Counts the messages of each queue that are not delivered to a consumer. Rejects if a queue is missing. */
export async function loadQueueDepths(
  link: Link,
  topology: Topology,
): Promise<ReadonlyMap<string, number>> {
  const depths = new Map<string, number>();
  await onChannel(link, async (channel) => {
    for (const { name } of topology.queues) {
      depths.set(name, (await channel.checkQueue(name)).messageCount);
    }
  });
  return depths;
}
