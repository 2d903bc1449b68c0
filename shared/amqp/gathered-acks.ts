/** Acks of one channel, gathered: the broker writes one entry to a queue's log for each that it is sent. */

type Tagged = { readonly fields: { readonly deliveryTag: number } };

export interface GatheredAcks<Message extends Tagged> {
  /** Every message, in the order of its delivery. */
  delivered(message: Message): void;
  /** Is sent in this turn of the event loop, with what else is done by then. */
  ack(message: Message): void;
}

/**
 * `send` acks one message, or with `upTo` all that were delivered up to it. What has an unfinished
 * message before it is acked by itself: `upTo` would ack work that is not done.
 */
export function gatherAcks<Message extends Tagged>(
  send: (message: Message, upTo: boolean) => void,
): GatheredAcks<Message> {
  const unfinished = new Set<Message>();
  let done: Message[] = [];

  const flush = (): void => {
    const [oldest] = unfinished;
    const firstTag = oldest?.fields.deliveryTag ?? Infinity;
    let last: Message | undefined;
    for (const message of done) {
      const { deliveryTag } = message.fields;
      if (deliveryTag > firstTag) send(message, false);
      else if (last === undefined || deliveryTag > last.fields.deliveryTag) last = message;
    }
    if (last !== undefined) send(last, true);
    done = [];
  };

  return {
    delivered: (message) => void unfinished.add(message),
    ack: (message) => {
      if (!unfinished.delete(message)) return;
      if (done.length === 0) queueMicrotask(flush);
      done.push(message);
    },
  };
}
