/** Channels recover while their connection stands, and queues of one process get a new name. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { brokerTargetOf, closeConnections } from '../../../infra/chaos/broker-faults.ts';
import type { Delivery } from '../../../shared/amqp/delivery.ts';
import { declareTopology } from '../../../shared/amqp/declare.ts';
import { DONE, type Fate } from '../../../shared/amqp/fate.ts';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../../shared/amqp/own-queue.ts';
import { openPublisher, type Publication, type Publisher } from '../../../shared/amqp/publisher.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';

let broker: TestBroker;
let log: RecordingLogger;
let link: Link;
let publisher: Publisher;
const made: string[] = [];
const heard: string[] = [];

beforeAll(async () => {
  broker = await openTestBroker();
  log = recordingLogger();
  link = await openLink({ url: broker.url, name: 'channels', log });
  await declareTopology(link, topologyOf(1));
  publisher = await openPublisher(link);
  await ownQueuesOn(link)({
    newQueue: () => `replies.test.${newId()}`,
    name: 'test',
    onMade: (queue) => void made.push(queue),
    parse: (body) => body.toString(),
    handle: (text) => {
      heard.push(text);
      return DONE;
    },
  });
});
afterAll(async () => {
  await publisher.close();
  await link.close();
  await broker.close();
});

const to = (exchange: string, key: string, body: string): Publication => ({
  exchange,
  key,
  body: Buffer.from(body),
  type: 'test',
});

test('a missing exchange costs a publisher its channel, not its connection', async () => {
  await expect(publisher.publish(to('nowhere', '', 'lost'))).rejects.toThrow('did not confirm');
  await publisher.ready();
  await publisher.publish(to('', made.at(-1) ?? '', 'after the channel fell'));
  await until(() => heard.includes('after the channel fell'), { what: 'it is heard' });
  expect(log.of('broker connection lost')).toEqual([]);
});

test('an ack while the link closes is dropped, because sending it would end the process', async () => {
  const leaving = await openLink({ url: broker.url, name: 'leaving', log });
  const queues: string[] = [];
  const inHand: Delivery[] = [];
  const { promise: fate, resolve: end } = deferred<Fate>();
  await ownQueuesOn(leaving)({
    newQueue: () => `leaving.test.${newId()}`,
    name: 'leaving',
    onMade: (queue) => void queues.push(queue),
    parse: () => undefined,
    handle: (_, delivery) => {
      inHand.push(delivery);
      return fate;
    },
  });
  await publisher.publish(to('', queues.at(-1) ?? '', 'in hand'));
  await until(() => inHand.length > 0, { what: 'it is in hand' });
  const closing = leaving.close();
  expect(inHand[0]?.isOpen()).toBe(false);
  end(DONE);
  await closing;
});

test('if there is another broker, a refused channel is opened again', async () => {
  const queue = `refuses.${newId()}`;
  const cluster = await openLink({ url: `${broker.url},${broker.url}`, name: 'refused', log });
  await cluster.listen(async (model) => {
    const channel = await model.createChannel();
    const full = { 'x-max-length': 1, 'x-overflow': 'reject-publish' };
    await channel.assertQueue(queue, { exclusive: true, arguments: full });
  });
  const refused = await openPublisher(cluster);
  const isRefused = (): Promise<boolean> =>
    refused.publish(to('', queue, 'one too many')).then(
      () => false,
      () => true,
    );
  const isMadeAnew = (): boolean => log.of('channel made anew').length > 0;
  await until(async () => (await isRefused()) && isMadeAnew(), {
    what: 'the channel is made anew',
  });
  await refused.ready();
  await refused.publish(to('', made.at(-1) ?? '', 'on the channel made anew'));
  await until(() => heard.includes('on the channel made anew'), { what: 'it is heard' });
  expect(log.of('broker connection lost')).toEqual([]);
  await refused.close();
  await cluster.close();
});

test('a queue of one process has another name after its connection was lost', async () => {
  const before = made.length;
  const target = brokerTargetOf(testManagementUrl(), broker.url);
  await until(async () => (await closeConnections(target, 'channels')) > 0, {
    what: 'the connection is closed',
  });
  await until(() => made.length > before, { what: 'the queue is made anew' });
  expect(new Set(made).size).toBe(made.length);
  await publisher.ready();
  await publisher.publish(to('', made.at(-1) ?? '', 'to the new one'));
  await until(() => heard.includes('to the new one'), { what: 'it is heard' });
});
