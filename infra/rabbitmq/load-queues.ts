/** Loads the messages and consumers of queues from the management API. */
import type { Management } from './management.ts';

export type QueueState = {
  readonly name: string;
  /** Messages that wait for delivery. */
  readonly ready: number;
  /** Messages that are delivered but not acked. */
  readonly unacked: number;
  readonly publishedPerSecond: number;
  readonly deliveredPerSecond: number;
  /** The tags of active consumers, and of those that would take over. */
  readonly active: readonly string[];
  readonly standby: readonly string[];
};

/** Loads the queues that outlive a process; leaves out exclusive ones. */
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

/** Returns the process of a consumer tag, which begins with its name. */
export const processOf = (tag: string): string => tag.slice(0, tag.lastIndexOf('.'));
