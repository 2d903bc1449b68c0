/** Declares the queue of a reader of the feed: a stream, which can be read again from any offset. */
import type { Channel } from 'amqplib';
import { FEED_EXCHANGE, feedQueue } from '../messages/address.ts';
import { declareQueue, deleteQueues, onChannel } from './declare.ts';
import type { Link } from './link.ts';

export type FeedQueueType = 'stream' | 'quorum';

/** The broker deletes a stream's oldest messages by segments of this size. */
const SEGMENT_BYTES = 16 * 1_024 * 1_024;

const STREAM = { 'x-queue-type': 'stream', 'x-stream-max-segment-size-bytes': SEGMENT_BYTES };

/** Declares the queue of a reader; resolves to its type, which is quorum where the broker has no streams. */
export async function declareFeedQueue(link: Link, name: string): Promise<FeedQueueType> {
  const queue = feedQueue(name);
  try {
    await onOwnChannel(link, (channel) =>
      channel.assertQueue(queue, { durable: true, arguments: STREAM }),
    );
    return 'stream';
  } catch {
    // The broker has no streams, or the queue was made when it had none.
    const bindings: readonly [] = [];
    await onOwnChannel(link, (channel) =>
      declareQueue(channel, { name: queue, singleActiveConsumer: false, bindings }),
    );
    return 'quorum';
  }
}

/** Binds the queue of a reader by one pattern, in place of the one before. */
export const bindFeedQueue = (
  link: Link,
  name: string,
  { keys, before }: { readonly keys: string; readonly before: string | undefined },
): Promise<void> =>
  onOwnChannel(link, async (channel) => {
    await channel.bindQueue(feedQueue(name), FEED_EXCHANGE, keys);
    if (before === undefined || before === keys) return;
    await channel.unbindQueue(feedQueue(name), FEED_EXCHANGE, before);
  });

export const deleteFeedQueue = (link: Link, name: string): Promise<void> =>
  deleteQueues(link, [feedQueue(name)]);

const onOwnChannel = (link: Link, work: (channel: Channel) => Promise<unknown>): Promise<void> =>
  onChannel(link, async (channel) => {
    // A refusal closes the channel, and is also the error of `work`.
    channel.on('error', () => undefined);
    await work(channel);
  });
