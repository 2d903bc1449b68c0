/** Taking messages from one queue, on a channel of its own, that comes back by itself. */
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { backoffMs } from '../runtime/backoff.ts';
import type { Logger } from '../runtime/logger.ts';
import { splitParents, type Spans, type TraceParent } from '../runtime/tracing.ts';
import { gatherAcks, type GatheredAcks } from './gathered-acks.ts';
import type { Link } from './link.ts';
import { newId } from '../runtime/new-id.ts';

export type Delivery = {
  readonly body: Buffer;
  readonly messageId: string;
  readonly correlationId: string | undefined;
  readonly replyTo: string | undefined;
  readonly type: string | undefined;
  /** Whether the broker gave it to someone before. */
  readonly redelivered: boolean;
  /** For what is published because of it; undefined where it is in no trace. */
  readonly trace?: readonly TraceParent[] | undefined;
  /** Whether the channel it came on still stands. Once it does not, the broker delivers it again. */
  isOpen(): boolean;
  /** Tells the broker that it is done; does nothing on a channel that is gone. */
  ack(): void;
};

export type ConsumerOptions = {
  readonly queue: string;
  /** Who takes: the consumer tag starts with it. */
  readonly name: string;
  readonly prefetch: number;
  readonly log: Logger;
  /** Makes the queue exist; runs on every channel before it consumes. */
  readonly declare: (channel: Channel) => Promise<void>;
  readonly onDelivery: (delivery: Delivery) => void;
  /** The channel is gone, and with it every delivery that was not acked. */
  readonly onGone?: () => void;
  readonly exclusive?: boolean;
};

export interface Consumer {
  /** Closes the channel: what is not acked goes to the next consumer, in order. */
  close(): Promise<void>;
}

const RESUBSCRIBE = { firstMs: 100, longestMs: 2_000 };

type Subscription = { readonly channel: Channel; readonly acks: GatheredAcks<ConsumeMessage> };

/** Opens a consumer. Resolves once it is subscribed. */
export async function openConsumer(link: Link, options: ConsumerOptions): Promise<Consumer> {
  const consumer = new RecoveringConsumer(link, options);
  await consumer.open();
  return consumer;
}

class RecoveringConsumer implements Consumer {
  readonly #link: Link;
  readonly #options: ConsumerOptions;
  #model: ChannelModel | undefined;
  #channel: Channel | undefined;
  #closed = false;

  constructor(link: Link, options: ConsumerOptions) {
    this.#link = link;
    this.#options = options;
  }

  async open(): Promise<void> {
    await this.#link.listen(this.#onConnection);
  }

  readonly #onConnection = async (model: ChannelModel): Promise<void> => {
    this.#model = model;
    await this.#subscribe(model);
  };

  async #subscribe(model: ChannelModel): Promise<void> {
    const { queue, name, prefetch, declare } = this.#options;
    const channel = await model.createChannel();
    channel.on('error', (error) => this.#options.log.warn('channel broken', { queue, error }));
    channel.on('close', () => this.#onChannelClosed(channel));
    await declare(channel);
    await channel.prefetch(prefetch);
    if (this.#closed) {
      await channel.close();
      return;
    }
    if (this.#channel !== undefined) this.#options.onGone?.();
    this.#channel = channel;
    const acks = gatherAcks<ConsumeMessage>((message, upTo) => {
      if (this.#channel === channel) channel.ack(message, upTo);
    });
    const onMessage = (message: ConsumeMessage | null): void =>
      this.#onMessage({ channel, acks }, message);
    await channel.consume(queue, onMessage, {
      consumerTag: `${name}.${newId()}`,
      ...(this.#options.exclusive === true && { exclusive: true }),
    });
  }

  #onMessage(on: Subscription, message: ConsumeMessage | null): void {
    if (message === null) {
      // The broker cancelled us: the queue was deleted. Closing the channel starts anew.
      this.#options.log.warn('consumer cancelled by the broker', { queue: this.#options.queue });
      on.channel.close().catch(() => undefined);
      return;
    }
    on.acks.delivered(message);
    this.#options.onDelivery(this.#deliveryOf(on, message));
  }

  #deliveryOf({ channel, acks }: Subscription, message: ConsumeMessage): Delivery {
    const properties = message.properties as unknown as Readonly<Record<string, unknown>>;
    const messageId = asText(properties['messageId']) ?? '';
    const spans = this.#trace(message, messageId);
    return {
      body: message.content,
      messageId,
      trace: spans?.parents,
      correlationId: asText(properties['correlationId']),
      replyTo: asText(properties['replyTo']),
      type: asText(properties['type']),
      redelivered: message.fields.redelivered,
      isOpen: () => this.#channel === channel,
      ack: () => {
        acks.ack(message);
        spans?.end();
      },
    };
  }

  /** From its delivery to its ack. */
  #trace({ properties: { headers } }: ConsumeMessage, messageId: string): Spans | undefined {
    const { tracer } = this.#link;
    if (tracer === undefined) return undefined;
    const parents = splitParents(headers?.['traceparent']);
    if (parents.length === 0) return undefined;
    return tracer.start({ kind: 'process', destination: this.#options.queue, messageId, parents });
  }

  #onChannelClosed(channel: Channel): void {
    if (this.#channel === channel) {
      this.#channel = undefined;
      this.#options.onGone?.();
    }
    if (!this.#closed && !this.#link.isClosed()) this.#resubscribe(this.#model, 0);
  }

  /** The connection may stand while the channel fell (a deleted queue, an error): subscribe again. */
  #resubscribe(model: ChannelModel | undefined, attempt: number): void {
    setTimeout(
      () => {
        const isStale = this.#closed || this.#channel !== undefined || this.#model !== model;
        if (model === undefined || isStale) return;
        this.#subscribe(model).catch((error: unknown) => {
          this.#options.log.warn('subscribing failed', { queue: this.#options.queue, error });
          this.#resubscribe(model, attempt + 1);
        });
      },
      backoffMs(attempt, RESUBSCRIBE),
    ).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#link.unlisten(this.#onConnection);
    const channel = this.#channel;
    this.#channel = undefined;
    await channel?.close().catch(() => undefined);
  }
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
