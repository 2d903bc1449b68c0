/** Counts messages by the kind of their queue and by their fate. */
import { readAtScrape, type Metrics } from '../runtime/metrics.ts';
import type { Fate } from './fate.ts';

/** How many messages had each fate. Handling a message adds to it without any further allocation. */
export type FateCounts = Record<Fate['is'], number>;

export interface FateMeter {
  /** Returns the counts of a queue, which it shares with all queues of the same kind. */
  countsOf(queue: string): FateCounts;
}

/** Opens the meter of a process. */
export function openFateMeter(metrics: Metrics): FateMeter {
  const countsByKind = new Map<string, FateCounts>();
  readAtScrape(metrics, {
    name: 'daytrade_message_fates_total',
    help: 'Messages by kind of queue and fate; one that is held counts at each attempt, and then ends as done or parked.',
    type: 'counter',
    labels: ['queue', 'fate'],
    read: () =>
      [...countsByKind].flatMap(([queue, counts]) =>
        Object.entries(counts).map(([fate, value]) => ({ queue, fate, value })),
      ),
  });
  return {
    countsOf: (queue) => {
      const kind = kindOf(queue);
      const counts = countsByKind.get(kind) ?? { done: 0, held: 0, parked: 0 };
      countsByKind.set(kind, counts);
      return counts;
    },
  };
}

/** Returns the first word of a queue's name, such as `commands` of `commands.shard.00`. */
const kindOf = (queue: string): string => queue.split('.', 1).join();
