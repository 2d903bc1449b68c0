/** What stands in the queues and who takes it, as the management API tells. */
import type { Management } from './management.ts';

export type QueueState = {
  readonly name: string;
  /** Not taken by anybody yet. */
  readonly ready: number;
  /** Taken and not done. */
  readonly unacked: number;
  readonly publishedPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Tags of those who take messages now, and of those who wait to take over. */
  readonly active: readonly string[];
  readonly standby: readonly string[];
};

/** Of queues that outlive a process; those of one process alone are its own affair. */
export async function loadQueues(
  management: Management,
  virtualHost: string,
): Promise<readonly QueueState[]> {
  const [queues, consumers] = await Promise.all([
    management.ask('GET', ['queues', virtualHost]),
    management.ask('GET', ['consumers', virtualHost]),
  ]);
  const takers = recordsIn(consumers).map(takerOf);
  return recordsIn(queues)
    .filter((queue) => queue['exclusive'] !== true)
    .map((queue) => stateOf(queue, takers))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

type Json = Readonly<Record<string, unknown>>;
type Taker = { readonly queue: string; readonly tag: string; readonly isActive: boolean };

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const recordsIn = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
const recordOf = (value: unknown): Json => (isRecord(value) ? value : {});
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const takerOf = (consumer: Json): Taker => ({
  queue: textOf(recordOf(consumer['queue'])['name']),
  tag: textOf(consumer['consumer_tag']),
  isActive: consumer['active'] !== false,
});

function stateOf(queue: Json, takers: readonly Taker[]): QueueState {
  const name = textOf(queue['name']);
  const statistics = recordOf(queue['message_stats']);
  const rate = (of: string): number => numberOf(recordOf(statistics[of])['rate']);
  const tags = (isActive: boolean): readonly string[] =>
    takers
      .filter((taker) => taker.queue === name && taker.isActive === isActive)
      .map(({ tag }) => tag);
  return {
    name,
    ready: numberOf(queue['messages_ready']),
    unacked: numberOf(queue['messages_unacknowledged']),
    publishedPerSecond: rate('publish_details'),
    deliveredPerSecond: rate('deliver_get_details'),
    active: tags(true),
    standby: tags(false),
  };
}

/** A tag begins with the name of its process. */
export const processOf = (tag: string): string => tag.slice(0, tag.lastIndexOf('.'));
