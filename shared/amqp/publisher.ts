/** Publishing with confirms: a promise resolves when the broker has the message. */
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
 * A channel that meets a queue whose leader was just lost asks that one for as long as it is away, and
 * is refused (rabbit_fifo_client keeps the leader of its first message). A later one asks the leader of
 * now. A queue that is full refuses too: no channel is given up sooner than this.
 */
const RENEWED_AFTER_MS = 300;

export type Publication = {
  readonly exchange: string;
  readonly key: string;
  readonly body: Buffer;
  /** A new UUIDv7 where absent. */
  readonly messageId?: string;
  readonly type: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** Absent = stored on disk. Requests and replies are not: their sender asks again. */
  readonly transient?: boolean;
  readonly expiresAfterMs?: number;
  /** A message that nobody takes is an error, unless whoever it was for may be gone. */
  readonly mandatory?: boolean;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Whom its spans go on from; empty = it begins a trace, absent = it is in none. */
  readonly trace?: readonly TraceParent[] | undefined;
};

export interface Publisher {
  /**
   * Resolves once the broker has confirmed. Waits while the broker blocks publishing; rejects with
   * `TransientError` where the message may not have arrived: refused, unroutable, connection lost.
   */
  publish(publication: Publication): Promise<void>;
  /** Resolves when there is a connection that takes messages. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export async function openPublisher(link: Link): Promise<Publisher> {
  const publisher = new ConfirmedPublisher(link);
  await publisher.open();
  return publisher;
}

class ConfirmedPublisher implements Publisher {
  readonly #link: Link;
  readonly #channel: RecoveringChannel<ConfirmChannel>;
  /** Where there is another broker to go to. */
  readonly #unconfirmed: Unconfirmed | undefined;
  #whenOpen: Deferred<void> = deferred();
  #openedAt = 0;
  /** Returned as unroutable, by message id: the return comes just before the confirm. */
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
