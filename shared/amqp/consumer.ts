/** A consumer of one queue, on its own channel, which reopens by itself. */
import type { Channel, ConsumeMessage } from 'amqplib';
import { deferred, type Deferred } from '../runtime/deferred.ts';
import type { Logger } from '../runtime/logger.ts';
import { splitParents, type Spans } from '../runtime/tracing.ts';
import type { UnackedDelivery } from './delivery.ts';
import { gatherAcks, type GatheredAcks } from './gathered-acks.ts';
import { handleDelivery, type Handling, type HandlingDeps } from './handle-delivery.ts';
import type { Link } from './link.ts';
import { RecoveringChannel } from './recovering-channel.ts';
import { UNDECODABLE_HEADERS } from './undecodable-headers.ts';
import { newId } from '../runtime/new-id.ts';

export type ConsumerOptions<Message> = Handling<Message> & {
  /** The start of the consumer tag, which identifies the consumer in the management UI. */
  readonly name: string;
  readonly prefetch: number;
  readonly log: Logger;
  /** Declares the queue and returns its name. */
  readonly declare: (channel: Channel) => Promise<string>;
  /**
   * Whether the queue outlives the channel. Such a queue is declared once, and again only after consuming
   * from it failed, because in a cluster that has lost a node a declaration may take seconds.
   */
  readonly isDurable?: boolean;
  /** Called when the channel is lost: the broker delivers again all messages that were not acked. */
  readonly onGone?: () => void;
};

export interface Consumer {
  /** Resolves once no message of the present channel is in work: each is acked. */
  idle(): Promise<void>;
  /** Closes the channel. The broker delivers messages that were not acked to the next consumer, in order. */
  close(): Promise<void>;
}

type Subscription = {
  readonly channel: Channel;
  readonly queue: string;
  readonly acks: GatheredAcks<ConsumeMessage>;
  readonly deps: HandlingDeps;
  /** The number of its messages that are in work. */
  inWork: number;
};

/** Opens a consumer. Resolves once it consumes from its queue. */
export async function openConsumer<Message>(
  link: Link,
  options: ConsumerOptions<Message>,
): Promise<Consumer> {
  const consumer = new RecoveringConsumer(link, options);
  await consumer.open();
  return consumer;
}

class RecoveringConsumer<Message> implements Consumer {
  readonly #link: Link;
  readonly #options: ConsumerOptions<Message>;
  readonly #channel: RecoveringChannel<Channel>;
  /** The name of the durable queue, once it was declared and consumed from. */
  #declared: string | undefined;
  #present: Subscription | undefined;
  #whenIdle: Deferred<void> | undefined;

  constructor(link: Link, options: ConsumerOptions<Message>) {
    this.#link = link;
    this.#options = options;
    this.#channel = new RecoveringChannel<Channel>({
      link,
      what: options.name,
      create: (model) => model.createChannel(),
      setUp: (channel) => this.#subscribe(channel),
      onGone: () => {
        this.#present = undefined;
        this.#wakeIdle();
        options.onGone?.();
      },
    });
  }

  async open(): Promise<void> {
    await this.#channel.open();
  }

  async #subscribe(channel: Channel): Promise<void> {
    const { name, prefetch, declare, isDurable = false, log } = this.#options;
    const queue = this.#declared ?? (await declare(channel));
    // Stays unset until consuming succeeds, so that a queue that was deleted is declared again.
    this.#declared = undefined;
    await channel.prefetch(prefetch);
    const acks = gatherAcks<ConsumeMessage>((message, upTo) => {
      if (this.#channel.current === channel) channel.ack(message, upTo);
    });
    const deps = { name, log, counts: this.#link.fates?.countsOf(queue) };
    const subscription: Subscription = { channel, queue, acks, deps, inWork: 0 };
    this.#present = subscription;
    const onMessage = (message: ConsumeMessage | null): void =>
      this.#onMessage(subscription, message);
    await channel.consume(queue, onMessage, { consumerTag: `${name}.${newId()}` });
    if (isDurable) this.#declared = queue;
  }

  #onMessage(on: Subscription, message: ConsumeMessage | null): void {
    if (message === null) {
      // The broker cancels a consumer if its queue is deleted. Closing the channel reopens everything.
      this.#declared = undefined;
      this.#options.log.warn('consumer cancelled by the broker', { queue: on.queue });
      on.channel.close().catch(() => undefined);
      return;
    }
    on.acks.delivered(message);
    on.inWork += 1;
    const delivery = this.#deliveryOf(on, message);
    void handleDelivery(delivery, this.#options, on.deps).then(() => {
      on.inWork -= 1;
      if (on.inWork === 0) this.#wakeIdle();
    });
  }

  async idle(): Promise<void> {
    while (this.#present !== undefined && this.#present.inWork > 0) {
      this.#whenIdle ??= deferred();
      await this.#whenIdle.promise;
    }
  }

  #wakeIdle(): void {
    this.#whenIdle?.resolve();
    this.#whenIdle = undefined;
  }

  #deliveryOf({ channel, queue, acks }: Subscription, message: ConsumeMessage): UnackedDelivery {
    const properties = message.properties as unknown as Readonly<Record<string, unknown>>;
    const messageId = asText(properties['messageId']) ?? '';
    const spans = this.#trace(queue, message, messageId);
    return {
      body: message.content,
      messageId,
      trace: spans?.parents,
      correlationId: asText(properties['correlationId']),
      replyTo: asText(properties['replyTo']),
      type: asText(properties['type']),
      redelivered: message.fields.redelivered,
      hasUndecodableHeaders: properties['headers'] === UNDECODABLE_HEADERS,
      isOpen: () => this.#channel.current === channel,
      ack: () => {
        acks.ack(message);
        spans?.end();
      },
    };
  }

  /** Starts the spans of a message, which last from its delivery to its ack. */
  #trace(
    queue: string,
    { properties: { headers } }: ConsumeMessage,
    messageId: string,
  ): Spans | undefined {
    const { tracer } = this.#link;
    if (tracer === undefined) return undefined;
    const parents = splitParents(headers?.['traceparent']);
    if (parents.length === 0) return undefined;
    return tracer.start({ kind: 'process', destination: queue, messageId, parents });
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
