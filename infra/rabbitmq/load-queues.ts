/** Loads the messages and consumers of queues from the management API. */
import type { Management } from '../../shared/amqp/management.ts';

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
  const queueConsumers = recordsIn(consumers).map(queueConsumerOf);
  return recordsIn(queues)
    .filter((queue) => queue['exclusive'] !== true)
    .map((queue) => stateOf(queue, queueConsumers))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

type Json = Readonly<Record<string, unknown>>;
type QueueConsumer = { readonly queue: string; readonly tag: string; readonly isActive: boolean };

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const recordsIn = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
const recordOf = (value: unknown): Json => (isRecord(value) ? value : {});
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const queueConsumerOf = (consumer: Json): QueueConsumer => ({
  queue: textOf(recordOf(consumer['queue'])['name']),
  tag: textOf(consumer['consumer_tag']),
  isActive: consumer['active'] !== false,
});

function stateOf(queue: Json, queueConsumers: readonly QueueConsumer[]): QueueState {
  const name = textOf(queue['name']);
  const statistics = recordOf(queue['message_stats']);
  const rate = (of: string): number => numberOf(recordOf(statistics[of])['rate']);
  const tags = (isActive: boolean): readonly string[] =>
    queueConsumers
      .filter(
        (queueConsumer) => queueConsumer.queue === name && queueConsumer.isActive === isActive,
      )
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

/** Returns the process of a consumer tag, `NAME.ID`; a tag of another form as it is. */
export const processOf = (tag: string): string => /^(.+)\.[^.]*$/.exec(tag)?.[1] ?? tag;
