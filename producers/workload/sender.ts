/** Publishes the messages of a run and receives their answers, with a bound on unanswered commands. */
import { DONE } from '../../shared/amqp/fate.ts';
import type { OpenOwnQueue } from '../../shared/amqp/own-queue.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../shared/messages/address.ts';
import { parseAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import { renderCommandMessage, type UserCommands } from '../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

/** The most unanswered commands: queues stay short, and no web command waits behind a file. */
const UNANSWERED_MAX = 8_000;
/** An unanswered message is sent again after this, safely: positions that are done have no second effect. */
const AGAIN_AFTER_MS = 30_000;
const RESEND_POLL_MS = 200;

export type Answered = {
  readonly message: UserCommands;
  readonly answer: Answer;
  readonly latencyMs: number;
};

export interface Sender {
  /** Waits until fewer than `UNANSWERED_MAX` commands are unanswered, then sends a message. */
  send(message: UserCommands): Promise<void>;
  /** Resolves when everything sent is answered. */
  answered(): Promise<void>;
  close(): Promise<void>;
}

export type SenderOptions = {
  /** Names the sender in the management UI. */
  readonly name: string;
  readonly publisher: Publisher;
  readonly openOwnQueue: OpenOwnQueue;
  readonly timers: Timers;
  readonly shardCount: number;
  readonly onAnswer: (answered: Answered) => void;
  /** Called when a dump is accepted; `onAnswer` follows when it is written or has failed. */
  readonly onDumpAsked?: (answered: Answered) => void;
  readonly log: Logger;
};

type Pending = {
  readonly message: UserCommands;
  readonly firstSentAt: number;
  sentAt: number;
  /** Whether it was sent before. */
  again: boolean;
};

/**
 * Opens a sender. A message is sent again if publishing fails, if it gets no answer, if the reply queue
 * is declared anew, or if its answer says that positions before it are missing.
 */
export async function openSender(options: SenderOptions): Promise<Sender> {
  const { name, publisher, openOwnQueue, timers, shardCount, onAnswer, onDumpAsked, log } = options;
  let replyTo = '';
  /** Unanswered messages by id, in the order in which they were sent. */
  const pending = new Map<string, Pending>();
  /** The last gap that was filled, by user: each of many messages behind one gap reports it. */
  const gaps = new Map<UserId, number>();
  let unanswered = 0;
  let change: Deferred<void> = deferred();

  const publish = async (id: string, entry: Pending): Promise<void> => {
    const { user } = entry.message;
    try {
      await publisher.ready();
      await publisher.publish({
        exchange: commandsExchange(shardCount),
        key: shardKey(shardOf(user, shardCount)),
        body: renderCommandMessage({ ...entry.message, again: entry.again }),
        messageId: id,
        type: 'commands',
        replyTo,
        trace: [],
      });
    } catch (error) {
      // Makes the message overdue, so that the next poll sends it again.
      log.warn('message not published', { messageId: id, user, error });
      entry.sentAt = timers.now() - AGAIN_AFTER_MS;
    }
  };

  const resend = (id: string, entry: Pending): void => {
    entry.sentAt = timers.now();
    entry.again = true;
    void publish(id, entry);
  };

  /** Sends the messages of a user from a missing position on again, in order, once for each gap. */
  const resendFrom = (user: UserId, expected: number): void => {
    if (gaps.get(user) === expected) return;
    gaps.set(user, expected);
    for (const [id, entry] of pending) {
      const { message } = entry;
      const end = message.position + message.commands.length;
      if (message.user === user && end > expected) resend(id, entry);
    }
  };

  const receive = (answer: Answer): void => {
    const entry = pending.get(answer.id);
    if (entry === undefined) return;
    if (answer.expected !== undefined) {
      resendFrom(entry.message.user, answer.expected);
      return;
    }
    const latencyMs = timers.now() - entry.firstSentAt;
    const answered = { message: entry.message, answer, latencyMs };
    if (isDumpOnlyAsked(answer)) {
      onDumpAsked?.(answered);
      return;
    }
    pending.delete(answer.id);
    unanswered -= entry.message.commands.length;
    onAnswer(answered);
    change.resolve();
    change = deferred();
  };

  const replies = await openOwnQueue({
    newQueue: () => replyQueue(name, newId()),
    name,
    // The old queue is gone with the answers on it, so every pending message is sent again.
    onMade: (queue) => {
      replyTo = queue;
      for (const entry of pending.values()) entry.sentAt = timers.now() - AGAIN_AFTER_MS;
    },
    // An unreadable message has no answers: its requests are sent again when they are overdue.
    parse: parseAnswerMessage,
    handle: ({ answers }) => {
      answers.forEach(receive);
      return DONE;
    },
  });

  const resendOverdue = (): void => {
    cancel = timers.after(RESEND_POLL_MS, resendOverdue);
    const now = timers.now();
    for (const [id, entry] of pending) {
      if (now - entry.sentAt >= AGAIN_AFTER_MS) resend(id, entry);
    }
  };
  let cancel = timers.after(RESEND_POLL_MS, resendOverdue);

  return {
    send: async (message) => {
      while (unanswered >= UNANSWERED_MAX) await change.promise;
      const id = newId();
      const now = timers.now();
      const entry = { message, firstSentAt: now, sentAt: now, again: false };
      pending.set(id, entry);
      unanswered += message.commands.length;
      void publish(id, entry);
    },
    answered: async () => {
      while (pending.size > 0) await change.promise;
    },
    close: async () => {
      cancel();
      await replies.close();
    },
  };
}

/** Whether a dump is accepted only: it is answered again by the audit process that writes it. */
const isDumpOnlyAsked = ({ outcomes }: Answer): boolean =>
  outcomes.some((outcome) => outcome.is === 'accepted' && outcome.answer?.['dump'] === 'asked');
