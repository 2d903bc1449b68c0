/** Sends command messages unchanged, and receives their answers. */
import { DONE } from '../../shared/amqp/fate.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../shared/messages/address.ts';
import { parseAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import {
  renderCommandMessage,
  type CommandMessage,
} from '../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { recordingLogger } from './recording-logger.ts';

export type Requester = {
  /** Resolves to the first answer, or to the first that `isWanted`. */
  readonly ask: (
    message: CommandMessage,
    isWanted?: (answer: Answer) => boolean,
  ) => Promise<Answer>;
  /** Resolves when the broker has confirmed the message. */
  readonly publish: (message: CommandMessage) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Asked = {
  readonly answered: Deferred<Answer>;
  readonly isWanted: (answer: Answer) => boolean;
};

export async function openRequester(url: string, shardCount: number): Promise<Requester> {
  const log = recordingLogger();
  const link = await openLink({ url, name: 'test', log });
  const publisher = await openPublisher(link);
  let replyTo = '';
  const waiting = new Map<string, Asked>();
  await ownQueuesOn(link)({
    newQueue: () => replyQueue('test', newId()),
    name: 'test',
    onMade: (queue) => void (replyTo = queue),
    parse: parseAnswerMessage,
    handle: ({ answers }) => {
      for (const answer of answers) {
        const asked = waiting.get(answer.id);
        if (asked?.isWanted(answer) === true) asked.answered.resolve(answer);
      }
      return DONE;
    },
  });
  const publish = (message: CommandMessage, messageId: string): Promise<void> =>
    publisher.publish({
      exchange: commandsExchange(shardCount),
      key: shardKey(shardOf(message.user, shardCount)),
      body: renderCommandMessage(message),
      type: message.type,
      messageId,
      replyTo,
    });
  return {
    publish: (message) => publish(message, newId()),
    ask: async (message, isWanted = () => true) => {
      const id = newId();
      const answered = deferred<Answer>();
      waiting.set(id, { answered, isWanted });
      await publish(message, id);
      return await answered.promise;
    },
    close: async () => {
      await publisher.close();
      await link.close();
    },
  };
}
