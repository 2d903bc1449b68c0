/** Sends every message between the processes twice: receives a copy from the broker and publishes it. */
import { openConsumer } from '../../../shared/amqp/consumer.ts';
import { DONE } from '../../../shared/amqp/fate.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';
import type { FaultSystem } from './fault-system.ts';

export type Twice = {
  /** How many messages were sent again. */
  readonly count: () => number;
  /** How many messages are still to be sent again. */
  readonly waiting: () => number;
  readonly close: () => Promise<void>;
};

export async function deliverTwice(faults: FaultSystem, delayMs: number): Promise<Twice> {
  const log = recordingLogger();
  const link = await openLink({ url: faults.amqpUrl, name: 'deliver twice', log });
  const publisher = await openPublisher(link);
  const bindings = topologyOf(faults.shards)
    .queues.filter(({ name }) => !name.endsWith('.parked'))
    .flatMap((queue) => queue.bindings);
  /** The copies that were sent, which are not sent a third time. */
  const sent = new Set<string>();
  let count = 0;
  let waiting = 0;
  let isClosing = false;
  for (const { exchange, key } of bindings) {
    const queue = `twice.${exchange}.${key}`;
    await openConsumer(link, {
      name: 'twice',
      prefetch: 500,
      log,
      declare: async (channel) => {
        await channel.assertQueue(queue, { exclusive: true, durable: false, autoDelete: true });
        await channel.bindQueue(queue, exchange, key);
        return queue;
      },
      parse: (body) => body,
      handle: (body, { messageId, replyTo, correlationId, type = '' }) => {
        if (sent.delete(messageId) || isClosing) return DONE;
        sent.add(messageId);
        waiting += 1;
        const again = async (): Promise<void> => {
          await publisher.publish({
            ...{ exchange, key, body, messageId, type },
            ...(replyTo !== undefined && { replyTo }),
            ...(correlationId !== undefined && { correlationId }),
          });
          count += 1;
          waiting -= 1;
        };
        setTimeout(() => void again(), delayMs);
        return DONE;
      },
    });
  }
  return {
    count: () => count,
    waiting: () => waiting,
    close: async () => {
      // An audit message or a quote may come after the run. Its copy must not be sent on a closed link.
      isClosing = true;
      await until(() => waiting === 0, { what: 'every message has come again' });
      await publisher.close();
      await link.close();
    },
  };
}
