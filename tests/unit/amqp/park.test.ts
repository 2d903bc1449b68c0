import { describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../../shared/amqp/delivery.ts';
import type { Fate } from '../../../shared/amqp/fate.ts';
import { handleDelivery } from '../../../shared/amqp/handle-delivery.ts';
import type { Publication } from '../../../shared/amqp/publisher.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { deliveryOf } from '../../support/run-commands.ts';

/** Handles one delivery. Returns what was parked, and whether the original was acked after it. */
async function parkedOf(
  given: Partial<Delivery>,
  parse: (body: Uint8Array) => unknown,
): Promise<Publication> {
  const published: Publication[] = [];
  let acks = 0;
  const publisher = {
    publish: (publication: Publication) => {
      published.push(publication);
      return Promise.resolve();
    },
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const delivery = { ...deliveryOf('id-1'), ...given, ack: () => void (acks += 1) };
  const handle = (): Fate => {
    throw new Error('a message that cannot be read is not handled');
  };
  const handling = { parse, handle, parking: { from: 'commands' as const, publisher } };
  await handleDelivery(delivery, handling, { name: 'test', log: recordingLogger() });
  expect(acks).toBe(1);
  const [publication] = published;
  if (publication === undefined) throw new Error('nothing was parked');
  return publication;
}

describe('a message whose reading throws', () => {
  test('anything that is thrown parks the message with the reason', async () => {
    const parked = await parkedOf({ body: Buffer.from('[]') }, () => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    expect(parked).toMatchObject({
      exchange: 'parked',
      key: 'commands',
      headers: {
        code: 'message-unreadable',
        reason: expect.stringContaining('Maximum call stack'),
        'message-id': 'id-1',
      },
    });
  });

  test('keeps the properties that its answer needs', async () => {
    const given = { replyTo: 'answers', correlationId: 'mine', type: 'commands' };
    const parked = await parkedOf(given, () => {
      throw new Error('no');
    });
    expect(parked).toMatchObject(given);
  });

  const UNFIT = ['a\0b', '\uFFFD'.repeat(200)];
  test.each(
    (['messageId', 'correlationId', 'replyTo', 'type'] as const).flatMap((property) =>
      UNFIT.map((text) => [property, text] as const),
    ),
  )(
    'a %s that can be neither stored nor sent is the reason, and is not sent',
    async (property, text) => {
      const parked = await parkedOf({ [property]: text }, () => 'a message');
      expect(parked.headers?.['reason']).toContain('NUL or is not UTF-8');
      expect(JSON.stringify([parked.replyTo, parked.correlationId, parked.type])).not.toContain(
        JSON.stringify(text),
      );
    },
  );
});
