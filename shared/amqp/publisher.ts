/** Publishes with confirms: each promise resolves once the broker has stored the message. */
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { deferred, type Deferred } from '../runtime/deferred.ts';
import { TransientError } from '../runtime/errors.ts';
import { SYSTEM_TIMERS } from '../runtime/timers.ts';
import { joinParents, type Spans, type TraceParent } from '../runtime/tracing.ts';
import type { Link } from './link.ts';
import { RecoveringChannel } from './recovering-channel.ts';
import { openUnconfirmed, type Unconfirmed } from './unconfirmed.ts';
import { newId } from '../runtime/new-id.ts';

/**
 * The shortest life of a channel before it is replaced after a refusal. A channel keeps sending to the
 * queue leader of its first message (rabbit_fifo_client), so its messages are refused while a lost leader
 * is away; a new channel sends to the present leader. The bound is for full queues, which refuse too.
 */
const RENEWED_AFTER_MS = 300;

export type Publication = {
  readonly exchange: string;
  readonly key: string;
  readonly body: Buffer;
  /** A new UUIDv7 if absent. */
  readonly messageId?: string;
  readonly type: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** Whether the broker need not store it on disk: for requests and replies, whose requester asks again. */
  readonly transient?: boolean;
  readonly expiresAfterMs?: number;
  /** Whether a message that no queue receives is an error (default); false if its recipient may be gone. */
  readonly mandatory?: boolean;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** The parents of its spans; empty = it starts a trace, absent = it is in no trace. */
  readonly trace?: readonly TraceParent[] | undefined;
};

export interface Publisher {
  /**
   * Resolves once the broker has confirmed the message. Waits while publishing is blocked. Rejects with a
   * `TransientError` if the message may not have arrived: refused, unroutable or connection lost.
   */
  publish(publication: Publication): Promise<void>;
  /** Resolves once the channel is open and publishing is not blocked. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a publisher on a channel of its own, which reopens by itself. Resolves once the channel is open. */
export async function openPublisher(link: Link): Promise<Publisher> {
  const publisher = new ConfirmedPublisher(link);
  await publisher.open();
  return publisher;
}

class ConfirmedPublisher implements Publisher {
  readonly #link: Link;
  readonly #channel: RecoveringChannel<ConfirmChannel>;
  /** Present in a cluster only, where the link can change to another broker. */
  readonly #unconfirmed: Unconfirmed | undefined;
  #whenOpen: Deferred<void> = deferred();
  #openedAt = 0;
  /** The ids of messages returned as unroutable. The broker sends the return before the confirm. */
  readonly #returned = new Set<string>();

  constructor(link: Link) {
    this.#link = link;
    this.#channel = new RecoveringChannel<ConfirmChannel>({
      link,
      what: 'publishing',
      create: (model) => model.createConfirmChannel(),
      setUp: (channel) => {
        channel.on('return', (message: Message) => {
          this.#returned.add(String(message.properties.messageId));
        });
        this.#openedAt = SYSTEM_TIMERS.now();
        this.#whenOpen.resolve();
        return Promise.resolve();
      },
      onGone: () => {
        this.#returned.clear();
        this.#whenOpen = deferred();
      },
    });
    if (!link.isCluster) return;
    this.#unconfirmed = openUnconfirmed(SYSTEM_TIMERS, () => {
      if (!link.isBlocked()) link.leave('messages were not confirmed');
    });
  }

  async open(): Promise<void> {
    await this.#channel.open();
  }

  async ready(): Promise<void> {
    await this.#whenOpen.promise;
    await this.#link.unblocked();
  }

  async publish(publication: Publication): Promise<void> {
    if (this.#link.isBlocked()) await this.#link.unblocked();
    const channel = this.#channel.current;
    if (channel === undefined) throw unavailable('there is no connection to publish on');
    const messageId = publication.messageId ?? newId();
    const spans = this.#trace(publication, messageId);
    await this.#confirmed(channel, traced(publication, spans), messageId).finally(() =>
      spans?.end(),
    );
    if (this.#returned.delete(messageId)) {
      throw unavailable(`no queue takes "${publication.key}" of "${publication.exchange}"`);
    }
  }

  #trace({ exchange, key, trace }: Publication, messageId: string): Spans | undefined {
    if (trace === undefined) return undefined;
    const destination = `${exchange} ${key}`;
    return this.#link.tracer?.start({ kind: 'publish', destination, messageId, parents: trace });
  }

  #confirmed(channel: ConfirmChannel, publication: Publication, messageId: string): Promise<void> {
    const { promise, resolve, reject } = deferred();
    const { exchange, key, body } = publication;
    const settled = this.#unconfirmed?.add();
    const onConfirm = (error: unknown): void => {
      settled?.();
      if (error === null || error === undefined) resolve();
      else {
        this.#onRefused(channel);
        reject(unavailable('the broker did not confirm a message', error));
      }
    };
    try {
      channel.publish(exchange, key, body, optionsOf(publication, messageId), onConfirm);
    } catch (cause) {
      settled?.();
      throw unavailable('the channel closed while publishing', cause);
    }
    return promise;
  }

  #onRefused(channel: ConfirmChannel): void {
    if (!this.#link.isCluster || this.#channel.current !== channel) return;
    if (SYSTEM_TIMERS.now() - this.#openedAt < RENEWED_AFTER_MS) return;
    this.#channel.renew('a message was refused');
  }

  async close(): Promise<void> {
    await this.#channel.close();
  }
}

const traced = (publication: Publication, spans: Spans | undefined): Publication =>
  spans === undefined
    ? publication
    : {
        ...publication,
        headers: { ...publication.headers, traceparent: joinParents(spans.parents) },
      };

const unavailable = (message: string, cause?: unknown): TransientError =>
  new TransientError('broker-unavailable', message, { cause });

function optionsOf(publication: Publication, messageId: string): Options.Publish {
  const { correlationId, replyTo, expiresAfterMs, headers } = publication;
  return {
    messageId,
    type: publication.type,
    contentType: 'application/json',
    deliveryMode: publication.transient === true ? 1 : 2,
    mandatory: publication.mandatory ?? true,
    ...(correlationId !== undefined && { correlationId }),
    ...(replyTo !== undefined && { replyTo }),
    ...(expiresAfterMs !== undefined && { expiration: expiresAfterMs }),
    ...(headers !== undefined && { headers }),
  };
}
