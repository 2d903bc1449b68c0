/** How audit messages gather into inserts. */
import { beforeEach, expect, test } from '@jest/globals';
import { openInserter, type Inserter } from '../../../consumers/audit/inserter.ts';
import type { Delivery } from '../../../shared/amqp/consumer.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

let timers: ManualTimers;
let inserter: Inserter;
/** When each insert began, and the ids in it. */
let inserts: (readonly [number, ...string[]])[];
let acked: string[];

beforeEach(() => {
  timers = manualTimers();
  inserts = [];
  acked = [];
  inserter = openInserter({
    insert: (messages) => {
      inserts.push([timers.now(), ...messages.map(({ outboxId }) => outboxId)]);
      return Promise.resolve();
    },
    park: () => Promise.resolve(),
    pause: () => Promise.resolve(),
    timers,
    log: recordingLogger(),
  });
});

function add(outboxId: string, bytes = 100): void {
  const delivery: Delivery = {
    body: Buffer.alloc(bytes),
    messageId: outboxId,
    correlationId: undefined,
    replyTo: undefined,
    type: 'events',
    redelivered: false,
    isOpen: () => true,
    ack: () => void acked.push(outboxId),
  };
  inserter.add({ outboxId, body: delivery.body, delivery });
}

test('what comes after a pause is stored at once', async () => {
  add('1');
  await timers.advance(0);
  await timers.advance(200);
  add('2');
  await timers.advance(0);
  expect(inserts).toEqual([
    [0, '1'],
    [200, '2'],
  ]);
  expect(acked).toEqual(['1', '2']);
});

test('what follows closely gathers until 50 ms after the insert before', async () => {
  add('1');
  await timers.advance(10);
  add('2');
  await timers.advance(30);
  add('3');
  expect(inserts).toEqual([[0, '1']]);
  await timers.advance(10);
  expect(inserts).toEqual([
    [0, '1'],
    [50, '2', '3'],
  ]);
});

test('as much as is worth an insert of its own does not wait', async () => {
  add('1');
  await timers.advance(10);
  add('2', 256 * 1_024);
  await timers.advance(0);
  expect(inserts.at(-1)).toEqual([10, '2']);
});

test('neither do as many messages as an insert takes', async () => {
  add('0');
  await timers.advance(10);
  const ids = Array.from({ length: 32 }, (_, index) => `${index + 1}`);
  for (const id of ids) add(id);
  await timers.advance(0);
  expect(inserts.at(-1)).toEqual([10, ...ids]);
});

test('it is drained when all is stored', async () => {
  add('1');
  await timers.advance(10);
  add('2');
  const drained = inserter.drained();
  await timers.advance(40);
  await drained;
  expect(acked).toEqual(['1', '2']);
  expect(timers.pending()).toBe(0);
});
