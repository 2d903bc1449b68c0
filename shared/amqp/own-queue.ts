/** A queue of one process alone, for replies and news: it goes with its connection and comes back empty. */
import type { Logger } from '../runtime/logger.ts';
import { openConsumer, type Consumer, type Delivery } from './consumer.ts';
import type { Link } from './link.ts';

export type OwnQueue = {
  readonly queue: string;
  /** Who takes: the consumer tag starts with it. */
  readonly name: string;
  /** A topic exchange whose every message it gets, beside what is sent to its name. */
  readonly follows?: string;
  /** It was made anew: what was on its way went with the one before. */
  readonly onMade?: () => void;
  readonly onDelivery: (delivery: Delivery) => void;
};

export type OpenOwnQueue = (own: OwnQueue) => Promise<Consumer>;

const PREFETCH = 1_000;

export const ownQueuesOn =
  (link: Link, log: Logger): OpenOwnQueue =>
  ({ queue, name, follows, onMade, onDelivery }) =>
    openConsumer(link, {
      queue,
      name,
      prefetch: PREFETCH,
      log,
      declare: async (channel) => {
        await channel.assertQueue(queue, { exclusive: true, durable: false, autoDelete: true });
        if (follows !== undefined) await channel.bindQueue(queue, follows, '#');
        onMade?.();
      },
      onDelivery,
    });
