import { expect, test } from '@jest/globals';
import { gatherAcks } from '../../../shared/amqp/gathered-acks.ts';

type Message = { readonly fields: { readonly deliveryTag: number } };

const messageOf = (deliveryTag: number): Message => ({ fields: { deliveryTag } });

/** Delivers `count` messages and acks the tags of each turn together. Returns what was sent in each turn. */
async function sentFor(count: number, turns: readonly (readonly number[])[]): Promise<string[]> {
  const messages = Array.from({ length: count }, (_, index) => messageOf(index + 1));
  const sent: string[] = [];
  const acks = gatherAcks<Message>(({ fields }, upTo) => {
    sent.push(`${upTo ? 'up to ' : ''}${fields.deliveryTag}`);
  });
  messages.forEach((message) => acks.delivered(message));
  for (const tags of turns) {
    for (const tag of tags) acks.ack(messages[tag - 1] ?? messageOf(0));
    await Promise.resolve();
  }
  return sent;
}

test('messages that are done in one turn are acked together', async () => {
  expect(await sentFor(4, [[2, 4, 1, 3]])).toEqual(['up to 4']);
});

test('a message that is not done is not acked', async () => {
  expect(await sentFor(4, [[1, 4]])).toEqual(['4', 'up to 1']);
  expect(await sentFor(3, [[2], [3]])).toEqual(['2', '3']);
});

test('a message acked by itself is not acked again by a later one', async () => {
  expect(await sentFor(4, [[3], [1], [2, 4]])).toEqual(['3', 'up to 1', 'up to 4']);
  expect(await sentFor(2, [[2], [1]])).toEqual(['2', 'up to 1']);
});

test('a second ack of a message does nothing', async () => {
  expect(await sentFor(2, [[1, 1], [1]])).toEqual(['up to 1']);
});
