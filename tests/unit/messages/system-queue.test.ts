import { describe, expect, test } from '@jest/globals';
import { isSystemQueue, quoteFeedQueue, replyQueue } from '../../../shared/messages/address.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';

const SHARDS = 16;

describe('a queue of the system', () => {
  const names = [
    ...topologyOf(SHARDS).queues.map(({ name }) => name),
    replyQueue('web-1', 'x'),
    quoteFeedQueue('transaction-1', 'x'),
  ];
  test.each(names)('is %s', (name) => {
    expect(isSystemQueue(name)).toBe(true);
  });

  test.each(['amq.rabbitmq.reply-to.g1h2', 'answers-of-the-test', 'my.replies', 'commands'])(
    "is not a client's %s",
    (name) => {
      expect(isSystemQueue(name)).toBe(false);
    },
  );
});
