/** Publishing a run's messages and hearing their answers, with a bound on what is unanswered. */
import { openConsumer } from '../../shared/amqp/consumer.ts';
import type { Link } from '../../shared/amqp/link.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../shared/messages/address.ts';
import { parseAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import { renderCommandMessage, type UserCommands } from '../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';

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
  again: boolean;
};

export async function openSender(options: SenderOptions): Promise<Sender> {
  const { publishing, consuming, shardCount, onAnswer, log } = options;
  const publisher: Publisher = await openPublisher(publishing);
  const replyTo = replyQueue('workload', newId());
  /** In the order in which they were sent. */
  const pending = new Map<string, Pending>();
  /** The gap that was last answered for, by user. */
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
      });
    } catch (error) {
      // It is sent again when it has not been answered for a while; at once where it never left.
      log.warn('message not published', { messageId: id, user, error });
      entry.sentAt = Date.now() - AGAIN_AFTER_MS;
    }
  };

  const resend = (id: string, entry: Pending): void => {
    entry.sentAt = Date.now();
    entry.again = true;
    void publish(id, entry);
  };

  /** Positions from there on are missing: they come again in order, once for each gap. */
  const resendFrom = (user: UserId, expected: number): void => {
    if (gaps.get(user) === expected) return;
    gaps.set(user, expected);
    for (const [id, entry] of pending) {
      const { message } = entry;
      const end = message.position + message.commands.length;
      if (message.user === user && end > expected) resend(id, entry);
    }
  };

  const settle = (answer: Answer): void => {
    const entry = pending.get(answer.id);
    if (entry === undefined) return;
    if (answer.expected !== undefined) {
      resendFrom(entry.message.user, answer.expected);
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
      // Answers that were on their way went with the queue: whatever is pending is asked again.
      for (const entry of pending.values()) entry.sentAt = Date.now() - AGAIN_AFTER_MS;
    },
    onDelivery: (delivery) => {
      parseAnswerMessage(delivery.body).answers.forEach(settle);
      delivery.ack();
    },
  });

  const again = setInterval(() => {
    const now = Date.now();
    for (const [id, entry] of pending) {
      if (now - entry.sentAt >= AGAIN_AFTER_MS) resend(id, entry);
    }
  }, LOOK_MS);

  return {
    send: async (message) => {
      while (unanswered >= UNANSWERED_MAX) await change.promise;
      const id = newId();
      const entry = { message, firstSentAt: performance.now(), sentAt: Date.now(), again: false };
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
