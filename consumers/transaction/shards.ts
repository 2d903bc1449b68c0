/** Subscribes a process to shards: to its home shards at once, to the others as a standby. */
import { openConsumer, type Consumer } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import type { Handling } from '../../shared/amqp/handle-delivery.ts';
import type { Link } from '../../shared/amqp/link.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import { commandQueueSpec } from '../../shared/messages/topology.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

/** The most unacked messages of a shard. */
const PREFETCH = 150;
/** A standby subscribes this much later, so that the home process becomes the active consumer. */
const STANDBY_PAUSE_MS = 1_000;

export type ShardsOptions = {
  readonly link: Link;
  readonly name: string;
  readonly shardCount: number;
  /** Returns the handling of the messages of a shard. */
  readonly handling: (shard: number) => Handling<CommandMessage>;
  /** Called when a channel is gone, and its unacked deliveries with it. */
  readonly onGone: () => void;
  readonly log: Logger;
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
export function openShards(options: ShardsOptions): Shards {
  const consumers = new Map<number, Pick<Consumer, 'close'>>();
  let home: ReadonlySet<number> = new Set();
  let closed = false;

  const subscribe = async (shard: number): Promise<void> => {
    if (closed || consumers.has(shard)) return;
    const consumer = openConsumer(options.link, {
      name: options.name,
      prefetch: PREFETCH,
      log: options.log,
      isDurable: true,
      declare: (channel) => declareQueue(channel, commandQueueSpec(shard, options.shardCount)),
      ...options.handling(shard),
      onGone: options.onGone,
    });
    consumers.set(shard, { close: async () => (await consumer).close() });
    await consumer;
  };
  const giveUp = async (shard: number): Promise<void> => {
    const consumer = consumers.get(shard);
    consumers.delete(shard);
    await consumer?.close();
    options.onGone();
  };
  const every = [...Array(options.shardCount).keys()];

  return {
    assign: async (shards) => {
      home = new Set(shards);
      const others = every.filter((shard) => !home.has(shard));
      await Promise.all(others.map(giveUp));
      await Promise.all(shards.map(subscribe));
      setTimeout(() => {
        const standby = others.filter((shard) => !home.has(shard));
        Promise.all(standby.map(subscribe)).catch((error: unknown) => {
          options.log.warn('standing by failed', { error });
        });
      }, STANDBY_PAUSE_MS).unref();
    },
    close: async () => {
      closed = true;
      await Promise.all([...consumers.keys()].map(giveUp));
    },
  };
}
