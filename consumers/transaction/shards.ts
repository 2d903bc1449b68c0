/** Subscribes a process to shards: to its home shards at once, to the others as a standby. */
import type { Consumer } from '../../shared/amqp/consumer.ts';
import type { Handling } from '../../shared/amqp/handle-delivery.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import { commandQueueSpec } from '../../shared/messages/topology.ts';
import type { Service } from '../../shared/service/service.ts';

/** The most unacked messages of a shard. */
const PREFETCH = 150;
/** A standby subscribes this much later, so that the home process becomes the active consumer. */
const STANDBY_PAUSE_MS = 1_000;

type ShardHandling = {
  /** Parses the body of a message from the queue of a shard. */
  readonly parse: (body: Uint8Array, shard: number) => CommandMessage;
  readonly handle: Handling<CommandMessage>['handle'];
  /** Called when a channel is gone, and its unacked deliveries with it. */
  readonly onGone: () => void;
};

export interface Shards {
  /**
   * Unsubscribes from all other shards, subscribes to the home shards, and after a pause subscribes
   * to the others as a standby. Unsubscribing closes the channel, so that the broker redelivers the
   * unacked messages to the next consumer in order.
   */
  assign(home: readonly number[]): Promise<void>;
  /** Unsubscribes from every shard, for good. */
  close(): Promise<void>;
}

/** Opens without any subscription; call `assign`. */
export function openShards(
  { config, consume, log }: Pick<Service, 'config' | 'consume' | 'log'>,
  { parse, handle, onGone }: ShardHandling,
): Shards {
  const { shards: shardCount } = config;
  const consumers = new Map<number, Pick<Consumer, 'close'>>();
  let home: ReadonlySet<number> = new Set();
  let closed = false;

  const subscribe = async (shard: number): Promise<void> => {
    if (closed || consumers.has(shard)) return;
    const consumer = consume({
      queue: commandQueueSpec(shard, shardCount),
      parse: (body) => parse(body, shard),
      handle,
      parkedAs: 'commands',
      prefetch: PREFETCH,
      onGone,
    });
    consumers.set(shard, { close: async () => (await consumer).close() });
    await consumer;
  };
  const giveUp = async (shard: number): Promise<void> => {
    const consumer = consumers.get(shard);
    consumers.delete(shard);
    await consumer?.close();
    onGone();
  };
  const every = [...Array(shardCount).keys()];

  return {
    assign: async (shards) => {
      home = new Set(shards);
      const others = every.filter((shard) => !home.has(shard));
      await Promise.all(others.map(giveUp));
      await Promise.all(shards.map(subscribe));
      setTimeout(() => {
        const standby = others.filter((shard) => !home.has(shard));
        Promise.all(standby.map(subscribe)).catch((error: unknown) => {
          log.warn('standing by failed', { error });
        });
      }, STANDBY_PAUSE_MS).unref();
    },
    close: async () => {
      closed = true;
      await Promise.all([...consumers.keys()].map(giveUp));
    },
  };
}
