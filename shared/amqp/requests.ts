/**
 * Sends requests and receives their answers. A request is published again until it is answered or given
 * up, so the process that serves it may get it more than once.
 */
import { replyQueue } from '../messages/address.ts';
import type { Logger } from '../runtime/logger.ts';
import { newId } from '../runtime/new-id.ts';
import type { Timers } from '../runtime/timers.ts';
import type { Consumer } from './consumer.ts';
import type { Handling } from './handle-delivery.ts';
import type { OpenOwnQueue } from './own-queue.ts';
import type { Publication, Publisher } from './publisher.ts';

/** How often overdue requests are looked for, for all together: a request has no timer of its own. */
const OVERDUE_POLL_MS = 200;

export type AskedRequest = {
  /** The longest wait for an answer, and what follows it. Without a limit the wait lasts until `end`. */
  readonly limit?: { readonly ms: number; readonly giveUp: () => void } | undefined;
};

/** The address of an answer; `again` says that the message may have arrived before. */
export type Sending = {
  readonly messageId: string;
  readonly replyTo: string;
  readonly again: boolean;
};

/** The parts of its process that an owner of requests passes on to them. */
export type RequesterOptions = {
  /** Names the reply queue and its consumer in the management UI. */
  readonly name: string;
  readonly publisher: Publisher;
  readonly openOwnQueue: OpenOwnQueue;
  readonly timers: Timers;
  readonly log: Logger;
};

type RequestsOptions<Request, Answers> = RequesterOptions & {
  /** Renders the message of a request. */
  readonly publicationOf: (request: Request, sending: Sending) => Publication;
  /**
   * Handles messages of answers, and calls `end` for each request that is answered. Requests whose answers
   * cannot be read stay unanswered, and are published again.
   */
  readonly answers: Handling<Answers>;
  /** A request without an answer is published again after this. */
  readonly againAfterMs: number;
};

type Unanswered<Request> = {
  readonly request: Request;
  readonly cancelLimit: (() => void) | undefined;
  /** When it was published last, by the timers. A request whose message or answers are lost is overdue. */
  publishedAt: number;
  wasPublished: boolean;
  /** The number of publishes that wait for the broker. */
  underway: number;
};

const OVERDUE = -Infinity;

/** The requests of a process that wait for answers of one kind, which arrive on a queue of their own. */
export class Requests<Request extends AskedRequest, Answers> {
  readonly #options: RequestsOptions<Request, Answers>;
  /** By message id, in the order in which they were asked. */
  readonly #unanswered = new Map<string, Unanswered<Request>>();
  #replyTo = '';
  #replies: Consumer | undefined;
  /** Cancels the next poll. Set while a request is unanswered. */
  #cancelPoll: (() => void) | undefined;

  constructor(options: RequestsOptions<Request, Answers>) {
    this.#options = options;
  }

  /** Opens the queue for the answers. Resolves once it is consumed. */
  async open(): Promise<void> {
    const { name, openOwnQueue, answers } = this.#options;
    this.#replies = await openOwnQueue({
      ...answers,
      name,
      newQueue: () => replyQueue(name, newId()),
      // The previous queue is gone with the answers on it.
      onMade: (queue) => {
        this.#replyTo = queue;
        for (const entry of this.#unanswered.values()) entry.publishedAt = OVERDUE;
      },
    });
  }

  /** Publishes a request under a message id. An id that is in use stands for the new request alone. */
  ask(id: string, request: Request): void {
    const entry: Unanswered<Request> = {
      request,
      cancelLimit: this.#startLimit(id, request),
      publishedAt: OVERDUE,
      wasPublished: false,
      underway: 0,
    };
    this.#unanswered.set(id, entry);
    void this.#publish(id, entry);
    if (this.#cancelPoll === undefined) this.#pollLater();
  }

  /** Returns a request that is neither answered nor given up. */
  find(id: string): Request | undefined {
    return this.#unanswered.get(id)?.request;
  }

  /** Ends a request: it is answered, or nobody waits for it any more. */
  end(id: string): void {
    this.#unanswered.get(id)?.cancelLimit?.();
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#stopPolling();
  }

  /** Publishes some of the requests again at once, in the order in which they were asked. */
  askAgain(isLost: (request: Request) => boolean): void {
    for (const [id, entry] of this.#unanswered) {
      if (isLost(entry.request)) void this.#publish(id, entry);
    }
  }

  async close(): Promise<void> {
    this.#stopPolling();
    await this.#replies?.close();
  }

  #startLimit(id: string, request: Request): (() => void) | undefined {
    const { limit } = request;
    return (
      limit &&
      this.#options.timers.after(limit.ms, () => {
        if (this.find(id) === request) this.end(id);
        limit.giveUp();
      })
    );
  }

  async #publish(id: string, entry: Unanswered<Request>): Promise<void> {
    const { publisher, publicationOf, timers, log } = this.#options;
    entry.underway += 1;
    try {
      // While the broker blocks publishing, requests may be given up: those must not go out later.
      await publisher.ready();
      if (this.#unanswered.get(id) !== entry) return;
      const again = entry.wasPublished;
      entry.publishedAt = timers.now();
      entry.wasPublished = true;
      const sending = { messageId: id, replyTo: this.#replyTo, again };
      await publisher.publish(publicationOf(entry.request, sending));
    } catch (error) {
      log.warn('message not published', { messageId: id, error });
      entry.publishedAt = OVERDUE;
    } finally {
      entry.underway -= 1;
    }
  }

  #publishOverdue(): void {
    const { timers, againAfterMs } = this.#options;
    const overdueAt = timers.now() - againAfterMs;
    for (const [id, entry] of this.#unanswered) {
      if (entry.publishedAt <= overdueAt && entry.underway === 0) void this.#publish(id, entry);
    }
  }

  #pollLater(): void {
    this.#cancelPoll = this.#options.timers.after(OVERDUE_POLL_MS, () => {
      this.#pollLater();
      this.#publishOverdue();
    });
  }

  #stopPolling(): void {
    this.#cancelPoll?.();
    this.#cancelPoll = undefined;
  }
}
