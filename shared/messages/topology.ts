/** All exchanges, queues and bindings on the broker, as data. The limits of queues are policies. */
import {
  AUDIT_EXCHANGE,
  AUDIT_KEY,
  AUDIT_QUEUE,
  commandsExchange,
  commandsQueue,
  DUMPS_KEY,
  DUMPS_QUEUE,
  FEED_EXCHANGE,
  INTAKE_EXCHANGE,
  INTAKE_QUEUE,
  PARKED_EXCHANGE,
  PARKED_FROM,
  parkedQueue,
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  quoteRequestsQueue,
  QUOTES_CHANGED_EXCHANGE,
  REPLAY_EXCHANGE,
  REPLIES_EXCHANGE,
  shardKey,
  TRIGGERS_QUEUE,
} from './address.ts';

export type ExchangeSpec = {
  readonly name: string;
  readonly type: 'direct' | 'topic' | 'fanout';
};
export type QueueSpec = {
  readonly name: string;
  /** Delivers to one consumer, while the others stand by. This keeps the order of the queue's messages. */
  readonly singleActiveConsumer: boolean;
  readonly bindings: readonly { readonly exchange: string; readonly key: string }[];
};
export type Topology = {
  readonly exchanges: readonly ExchangeSpec[];
  readonly queues: readonly QueueSpec[];
};

/** The arguments with which a queue is declared. They can never change, so limits are policies instead. */
export const queueArguments = ({
  singleActiveConsumer,
}: QueueSpec): Readonly<Record<string, string | boolean>> => ({
  'x-queue-type': 'quorum',
  ...(singleActiveConsumer && { 'x-single-active-consumer': true }),
});

const range = (count: number): readonly number[] => [...Array(count).keys()];

/** The queue of a shard's commands. */
export const commandQueueSpec = (shard: number, shardCount: number): QueueSpec => ({
  name: commandsQueue(shard),
  singleActiveConsumer: true,
  bindings: [{ exchange: commandsExchange(shardCount), key: shardKey(shard) }],
});

/** The queue of quote requests for the symbols of a quote shard. */
export const quoteQueueSpec = (shard: number): QueueSpec => ({
  name: quoteRequestsQueue(shard),
  singleActiveConsumer: true,
  bindings: [{ exchange: QUOTE_REQUESTS_EXCHANGE, key: shardKey(shard) }],
});

const shared = (name: string, exchange: string, key: string): QueueSpec => ({
  name,
  singleActiveConsumer: false,
  bindings: [{ exchange, key }],
});

export const TRIGGERS_QUEUE_SPEC: QueueSpec = {
  name: TRIGGERS_QUEUE,
  singleActiveConsumer: false,
  bindings: [
    { exchange: QUOTES_CHANGED_EXCHANGE, key: '#' },
    { exchange: REPLAY_EXCHANGE, key: TRIGGERS_QUEUE },
  ],
};
export const AUDIT_QUEUE_SPEC: QueueSpec = shared(AUDIT_QUEUE, AUDIT_EXCHANGE, AUDIT_KEY);
export const DUMPS_QUEUE_SPEC: QueueSpec = shared(DUMPS_QUEUE, AUDIT_EXCHANGE, DUMPS_KEY);

/** Has a single active consumer, so that lines take effect in the order in which they are published. */
export const INTAKE_QUEUE_SPEC: QueueSpec = {
  name: INTAKE_QUEUE,
  singleActiveConsumer: true,
  bindings: [{ exchange: INTAKE_EXCHANGE, key: '' }],
};

/** Returns the whole topology for a number of shards. */
export const topologyOf = (shardCount: number): Topology => ({
  exchanges: [
    { name: commandsExchange(shardCount), type: 'direct' },
    { name: QUOTE_REQUESTS_EXCHANGE, type: 'direct' },
    { name: QUOTES_CHANGED_EXCHANGE, type: 'topic' },
    { name: AUDIT_EXCHANGE, type: 'direct' },
    { name: FEED_EXCHANGE, type: 'topic' },
    { name: INTAKE_EXCHANGE, type: 'fanout' },
    { name: PARKED_EXCHANGE, type: 'direct' },
    { name: REPLIES_EXCHANGE, type: 'direct' },
    { name: REPLAY_EXCHANGE, type: 'direct' },
  ],
  queues: [
    ...range(shardCount).map((shard) => commandQueueSpec(shard, shardCount)),
    ...range(QUOTE_SHARDS).map(quoteQueueSpec),
    TRIGGERS_QUEUE_SPEC,
    AUDIT_QUEUE_SPEC,
    DUMPS_QUEUE_SPEC,
    INTAKE_QUEUE_SPEC,
    ...PARKED_FROM.map((from) => shared(parkedQueue(from), PARKED_EXCHANGE, from)),
  ],
});
