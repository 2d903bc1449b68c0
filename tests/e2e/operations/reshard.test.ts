/**
 * Changes the number of shards of a system that never ran, while commands wait for it.
 * `npm run drill -- reshard` does it between two halves of a workload.
 */
import { afterAll, beforeAll, test } from '@jest/globals';
import { tryLockDataFolder } from '../../../infra/supervisor/data-folder-lock.ts';
import { markDataFolder } from '../../../infra/supervisor/data-folder.ts';
import { declareTopology } from '../../../shared/amqp/declare.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { prepareTestSystem, type TestSystem } from '../../support/test-system.ts';
import {
  BEFORE,
  expectNotResharded,
  refuseOtherNumber,
  reshardWaiting,
  SETTINGS,
  TEST_MS,
} from './reshard-waiting.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await prepareTestSystem(SETTINGS);
  markDataFolder(system.home);
  const link = await openLink({ url: system.amqpUrl, name: 'test', log: recordingLogger() });
  await declareTopology(link, topologyOf(BEFORE));
  await link.close();
}, TEST_MS);
afterAll(() => system.close(), TEST_MS);

test(
  'a system whose data folder is in use is not resharded',
  async () => {
    const release = tryLockDataFolder(system.home);
    try {
      await expectNotResharded(system);
    } finally {
      release?.();
    }
  },
  TEST_MS,
);

reshardWaiting(() => system, 0, 400);
refuseOtherNumber(() => system);
