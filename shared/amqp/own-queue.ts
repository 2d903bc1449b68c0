/**
 * A queue that only this process uses, for replies or for new quotes. The broker deletes it with its
 * connection; on the next connection another one is declared, empty and with a new name.
 */
import { REPLIES_EXCHANGE } from '../messages/address.ts';
import { openConsumer, type Consumer } from './consumer.ts';
import type { Handling } from './handle-delivery.ts';
import type { Link } from './link.ts';

type OwnQueue<Message> = Handling<Message> & {
  /**
   * Returns the name of the next queue. Each needs a new name, because in a cluster the previous queue
   * stays locked until its broker is known to be lost.
   */
  readonly newQueue: () => string;
  /** The start of the consumer tag, which identifies the consumer in the management UI. */
  readonly name: string;
  /** A topic exchange all of whose messages it receives. If absent, it receives replies, sent to its name. */
  readonly follows?: string;
  /** Called with the name of each new queue. Messages on their way to the previous one are lost. */
  readonly onMade?: (queue: string) => void;
};

export type OpenOwnQueue = <Message>(own: OwnQueue<Message>) => Promise<Consumer>;

const PREFETCH = 1_000;

/** Returns a function that opens a process's own queues on a link. */
export const ownQueuesOn =
  (link: Link): OpenOwnQueue =>
  ({ newQueue, name, follows, onMade, ...handling }) =>
    openConsumer(link, {
      ...handling,
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
    });
