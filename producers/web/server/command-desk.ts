/** Commands on their way: a message of one to the user's shard, answered over a queue of this process. */
import type { Link } from '../../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';
import { shardOf } from '../../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../../shared/messages/address.ts';
import {
  parseAnswerMessage,
  type Answer,
  type Outcome,
} from '../../../shared/messages/answer-message.ts';
import {
  renderCommandMessage,
  type UserCommands,
} from '../../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { HttpProblem } from './http-problem.ts';
import { ANSWER_MAX_MS, UNANSWERED_MAX } from './limits.ts';

export interface CommandDesk {
  /**
   * The outcome of a message of one. Rejects with `no-answer` after the command's deadline; it may
   * then be decided or not, and the same message again tells.
   */
  ask(message: UserCommands, id: string): Promise<Outcome>;
  /** Whether the broker takes commands now. */
  isOpen(): boolean;
  close(): Promise<void>;
}

export type CommandDeskOptions = {
  /** Of this process. */
  readonly name: string;
  readonly publishing: Link;
  readonly consuming: Link;
  readonly shardCount: number;
  readonly log: Logger;
};

type Pending = {
  readonly message: UserCommands;
  readonly outcome: Deferred<Outcome>;
  /** A dump is answered twice: when it is taken on, and once it is written. */
  taken: Outcome | undefined;
};

/** A message that could not be published is tried again after this, until its deadline. */
const PUBLISH_AGAIN_MS = 250;

export async function openCommandDesk(options: CommandDeskOptions): Promise<CommandDesk> {
  const { name, publishing, consuming, shardCount, log } = options;
  const publisher = await openPublisher(publishing);
  let replyTo = '';
  const pending = new Map<string, Pending>();

  const publish = async (id: string, message: UserCommands): Promise<void> => {
    try {
      await publisher.publish({
        exchange: commandsExchange(shardCount),
        key: shardKey(shardOf(message.user, shardCount)),
        body: renderCommandMessage(message),
        messageId: id,
        type: 'commands',
        replyTo,
        trace: [],
      });
    } catch (error) {
      log.warn('command not published', { messageId: id, user: message.user, error });
      setTimeout(() => {
        if (pending.has(id)) void publish(id, { ...message, again: true });
      }, PUBLISH_AGAIN_MS).unref();
    }
  };

  const settle = ({ id, outcomes }: Answer): void => {
    const entry = pending.get(id);
    const [outcome] = outcomes;
    if (entry === undefined || outcome === undefined) return;
    if (outcome.is === 'accepted' && outcome.answer?.['dump'] === 'asked') entry.taken = outcome;
    else entry.outcome.resolve(outcome);
  };

  const consumer = await ownQueuesOn(consuming)({
    newQueue: () => replyQueue(name, newId()),
    name,
    onMade: (queue) => {
      replyTo = queue;
      // Answers that were on their way went with the queue: the same messages ask for them again.
      for (const [id, { message }] of pending) void publish(id, { ...message, again: true });
    },
    onDelivery: (delivery) => {
      try {
        parseAnswerMessage(delivery.body).answers.forEach(settle);
      } catch (error) {
        // Its askers hear nothing, and find the outcome under their keys.
        log.warn('answer not read', { error });
      }
      delivery.ack();
    },
  });

  return {
    ask: async (message, id) => {
      if (pending.size >= UNANSWERED_MAX) {
        throw new HttpProblem('unavailable', 'too many commands wait for their answers');
      }
      const entry: Pending = { message, outcome: deferred(), taken: undefined };
      const timer = setTimeout(() => {
        if (entry.taken === undefined)
          entry.outcome.reject(new HttpProblem('no-answer', NO_ANSWER));
        else entry.outcome.resolve(entry.taken);
      }, ANSWER_MAX_MS);
      pending.set(id, entry);
      void publish(id, message);
      try {
        return await entry.outcome.promise;
      } finally {
        clearTimeout(timer);
        pending.delete(id);
      }
    },
    isOpen: () => !publishing.isClosed() && !publishing.isBlocked(),
    close: async () => {
      await consumer.close();
      await publisher.close();
    },
  };
}

const NO_ANSWER =
  'the command was not answered in time; it is not done later than its deadline, and the same ' +
  'Idempotency-Key again tells what became of it';
