/** Gathers the acks of a channel, because the broker writes an entry to the queue's log for each ack. */

type Tagged = { readonly fields: { readonly deliveryTag: number } };

export interface GatheredAcks<Message extends Tagged> {
  /** Registers a message. Must be called for every message, in the order of delivery. */
  delivered(message: Message): void;
  /** Acks a message in the next microtask, together with the others that are done by then. */
  ack(message: Message): void;
}

/**
 * `send` acks one message or, with `upTo`, all messages delivered up to it. A message that was delivered
 * after an unfinished one is acked alone, because `upTo` would ack the unfinished one too.
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
