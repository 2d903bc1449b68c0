/** Publishing a run's messages and hearing their answers, with a bound on what is unanswered. */
import { v7 as uuidV7 } from 'uuid';
import { openConsumer } from '../../shared/amqp/consumer.ts';
import type { Link } from '../../shared/amqp/link.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../shared/messages/address.ts';
import { parseAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import { renderCommandMessage, type UserCommands } from '../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

/** Commands that are not answered yet: queues stay short, and a web command never waits behind a file. */
const UNANSWERED_MAX = 8_000;
/** A message that is not answered for this long is sent again: the same positions have no second effect. */
const AGAIN_AFTER_MS = 30_000;
const LOOK_MS = 1_000;

export type Answered = {
  readonly message: UserCommands;
  readonly answer: Answer;
  readonly latencyMs: number;
};

export interface Sender {
  /** Resolves once there is room for more. */
  send(message: UserCommands): Promise<void>;
  /** Resolves when everything sent is answered. */
  answered(): Promise<void>;
  close(): Promise<void>;
}

export type SenderOptions = {
  readonly publishing: Link;
  readonly consuming: Link;
  readonly shardCount: number;
  readonly onAnswer: (answered: Answered) => void;
  readonly log: Logger;
};

type Pending = {
  readonly message: UserCommands;
  readonly firstSentAt: number;
  sentAt: number;
};

export async function openSender(options: SenderOptions): Promise<Sender> {
  const { publishing, consuming, shardCount, onAnswer, log } = options;
  const publisher: Publisher = await openPublisher(publishing);
  const replyTo = replyQueue('workload', uuidV7());
  const pending = new Map<string, Pending>();
  let unanswered = 0;
  let change: Deferred<void> = deferred();

  const publish = async (id: string, entry: Pending): Promise<void> => {
    const { user } = entry.message;
    try {
      await publisher.ready();
      await publisher.publish({
        exchange: commandsExchange(shardCount),
        key: shardKey(shardOf(user, shardCount)),
        body: renderCommandMessage(entry.message),
        messageId: id,
        type: 'commands',
        replyTo,
      });
    } catch (error) {
      // It is sent again when it has not been answered for a while; at once where it never left.
      log.warn('message not published', { messageId: id, user, error });
      entry.sentAt = Date.now() - AGAIN_AFTER_MS;
    }
  };

  const settle = (answer: Answer): void => {
    const entry = pending.get(answer.id);
    if (entry === undefined) return;
    // Positions before these are missing: those messages come again, and then this one.
    if (answer.expected !== undefined) {
      entry.sentAt = Date.now() - AGAIN_AFTER_MS + LOOK_MS;
      return;
    }
    if (isDumpOnlyAsked(answer)) return;
    pending.delete(answer.id);
    unanswered -= entry.message.commands.length;
    onAnswer({ message: entry.message, answer, latencyMs: performance.now() - entry.firstSentAt });
    change.resolve();
    change = deferred();
  };

  await openConsumer(consuming, {
    queue: replyTo,
    name: 'workload',
    prefetch: 1_000,
    log,
    declare: async (channel) => {
      await channel.assertQueue(replyTo, { exclusive: true, durable: false, autoDelete: true });
    },
    onDelivery: (delivery) => {
      parseAnswerMessage(delivery.body).answers.forEach(settle);
      delivery.ack();
    },
  });

  const again = setInterval(() => {
    const now = Date.now();
    for (const [id, entry] of pending) {
      if (now - entry.sentAt < AGAIN_AFTER_MS) continue;
      entry.sentAt = now;
      void publish(id, { ...entry, message: { ...entry.message, again: true } });
    }
  }, LOOK_MS);

  return {
    send: async (message) => {
      while (unanswered >= UNANSWERED_MAX) await change.promise;
      const id = uuidV7();
      const entry = { message, firstSentAt: performance.now(), sentAt: Date.now() };
      pending.set(id, entry);
      unanswered += message.commands.length;
      void publish(id, entry);
    },
    answered: async () => {
      while (pending.size > 0) await change.promise;
    },
    close: async () => {
      clearInterval(again);
      await publisher.close();
    },
  };
}

/** A dump is answered twice: when it is taken on, and by its writer. */
const isDumpOnlyAsked = ({ outcomes }: Answer): boolean =>
  outcomes.some((outcome) => outcome.is === 'accepted' && outcome.answer?.['dump'] === 'asked');
