/** How many messages stand in the queues of the topology. */
import type { Topology } from '../messages/topology.ts';
import { onChannel } from './declare.ts';
import type { Link } from './link.ts';

/** Messages that no consumer has taken yet, by queue. */
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
