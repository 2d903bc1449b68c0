/** A queue of one process alone, for replies and news: it goes with its connection and comes back empty. */
import { REPLIES_EXCHANGE } from '../messages/address.ts';
import { openConsumer, type Consumer, type Delivery } from './consumer.ts';
import type { Link } from './link.ts';

export type OwnQueue = {
  /**
   * Names the queue that is made next. Each has a name of its own: in a cluster the one before is
   * locked until the broker that held it is known to be lost.
   */
  readonly newQueue: () => string;
  /** Who takes: the consumer tag starts with it. */
  readonly name: string;
  /** A topic exchange whose every message it gets. Without one it gets replies, sent to its name. */
  readonly follows?: string;
  /** A queue of that name is there now: what was on its way to the one before went with it. */
  readonly onMade?: (queue: string) => void;
  readonly onDelivery: (delivery: Delivery) => void;
};

export type OpenOwnQueue = (own: OwnQueue) => Promise<Consumer>;

const PREFETCH = 1_000;

export const ownQueuesOn =
  (link: Link): OpenOwnQueue =>
  ({ newQueue, name, follows, onMade, onDelivery }) =>
    openConsumer(link, {
      name,
      prefetch: PREFETCH,
      log: link.log,
      declare: async (channel) => {
        const queue = newQueue();
        await channel.assertQueue(queue, { exclusive: true, durable: false, autoDelete: true });
        if (follows === undefined) await channel.bindQueue(queue, REPLIES_EXCHANGE, queue);
        else await channel.bindQueue(queue, follows, '#');
        onMade?.(queue);
        return queue;
      },
      onDelivery,
    });
