/** Sends single commands to their users' shards, and receives the answers on a queue of this process. */
import { DONE } from '../../../../shared/amqp/fate.ts';
import type { Link } from '../../../../shared/amqp/link.ts';
import type { OpenOwnQueue } from '../../../../shared/amqp/own-queue.ts';
import type { Publisher } from '../../../../shared/amqp/publisher.ts';
import { shardOf } from '../../../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../../../shared/messages/address.ts';
import {
  parseAnswerMessage,
  type Answer,
  type Outcome,
} from '../../../../shared/messages/answer-message.ts';
import {
  renderCommandMessage,
  type UserCommands,
} from '../../../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../../../shared/runtime/deferred.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import { newId } from '../../../../shared/runtime/new-id.ts';
import { HttpProblem } from './http-problem.ts';
import { ANSWER_MAX_MS, UNANSWERED_MAX } from './limits.ts';

export interface CommandDesk {
  /**
   * Sends a message of one command and resolves to its outcome. Rejects with `no-answer` shortly after the
   * command's deadline: it may be decided or not, and sending the same message again tells which.
   * Rejects with `unavailable` if too many commands are unanswered.
   */
  ask(message: UserCommands, id: string): Promise<Outcome>;
  /** Whether the broker accepts commands now. */
  isOpen(): boolean;
  close(): Promise<void>;
}

export type CommandDeskOptions = {
  /** The name of this process. */
  readonly name: string;
  readonly publishing: Link;
  readonly publisher: Publisher;
  readonly openOwnQueue: OpenOwnQueue;
  readonly shardCount: number;
  readonly log: Logger;
};

type Pending = {
  readonly message: UserCommands;
  readonly outcome: Deferred<Outcome>;
  /** The first answer to a dump, which says that it is accepted; the second follows when it is written. */
  acceptedDump: Outcome | undefined;
};

/** A message that could not be published is published again after this, until its deadline. */
const PUBLISH_AGAIN_MS = 250;

export async function openCommandDesk(options: CommandDeskOptions): Promise<CommandDesk> {
  const { name, publishing, publisher, openOwnQueue, shardCount, log } = options;
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

  const receive = ({ id, outcomes }: Answer): void => {
    const entry = pending.get(id);
    const [outcome] = outcomes;
    if (entry === undefined || outcome === undefined) return;
    if (outcome.is === 'accepted' && outcome.answer?.['dump'] === 'asked')
      entry.acceptedDump = outcome;
    else entry.outcome.resolve(outcome);
  };

  const consumer = await openOwnQueue({
    newQueue: () => replyQueue(name, newId()),
    name,
    onMade: (queue) => {
      replyTo = queue;
      // The old queue is gone with the answers on it, so every pending message is sent again.
      for (const [id, { message }] of pending) void publish(id, { ...message, again: true });
    },
    // The requests of an unreadable message time out; repeating them with the same keys gives the outcomes.
    parse: parseAnswerMessage,
    handle: ({ answers }) => {
      answers.forEach(receive);
      return DONE;
    },
  });

  return {
    ask: async (message, id) => {
      if (pending.size >= UNANSWERED_MAX) {
        throw new HttpProblem('unavailable', 'too many commands wait for their answers');
      }
      const entry: Pending = { message, outcome: deferred(), acceptedDump: undefined };
      const timer = setTimeout(() => {
        if (entry.acceptedDump === undefined)
          entry.outcome.reject(new HttpProblem('no-answer', NO_ANSWER));
        else entry.outcome.resolve(entry.acceptedDump);
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
    close: () => consumer.close(),
  };
}

const NO_ANSWER =
  'the command was not answered in time; it is not done later than its deadline, and the same ' +
  'Idempotency-Key again tells what became of it';
