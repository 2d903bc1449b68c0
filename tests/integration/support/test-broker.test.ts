import { expect, test } from '@jest/globals';
import { declareTopology } from '../../../shared/amqp/declare.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { manage } from '../../support/management.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker } from '../../support/test-broker.ts';

test('a test broker takes our topology, apart from others, and is gone when it is closed', async () => {
  const [one, other] = await Promise.all([openTestBroker(), openTestBroker()]);
  const link = await openLink({ url: one.url, name: 'test', log: recordingLogger() });
  await declareTopology(link, topologyOf(2));
  await link.close();
  expect(await manage('GET', `queues/${one.virtualHost}`)).not.toEqual([]);
  expect(await manage('GET', `queues/${other.virtualHost}`)).toEqual([]);
  await Promise.all([one.close(), other.close()]);
  await expect(manage('GET', `queues/${one.virtualHost}`)).rejects.toThrow(/404/);
});
