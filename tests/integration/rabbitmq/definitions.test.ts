import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { applyPolicies } from '../../../infra/rabbitmq/apply-policies.ts';
import { definitionsOf } from '../../../infra/rabbitmq/definitions.ts';
import { openManagement } from '../../../shared/amqp/management.ts';
import { virtualHostOf } from '../../../shared/amqp/broker-addresses.ts';
import { declareTopology } from '../../../shared/amqp/declare.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { POLICIES } from '../../../shared/messages/policies.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';

const SHARDS = 2;
const management = openManagement(testManagementUrl());

let broker: TestBroker;
beforeEach(async () => {
  broker = await openTestBroker();
});
afterEach(async () => {
  await broker.close();
});

async function declare(): Promise<void> {
  const link = await openLink({ url: broker.url, name: 'test', log: recordingLogger() });
  await declareTopology(link, topologyOf(SHARDS));
  await link.close();
}

describe('definitions', () => {
  test('policies are applied, and applied again', async () => {
    await declare();
    await applyPolicies(management, broker.virtualHost);
    await applyPolicies(management, broker.virtualHost);
    const policies = await management.ask('GET', ['policies', broker.virtualHost]);
    expect(policies).toHaveLength(POLICIES.length);
    const queue = await until(
      async () => {
        const path = ['queues', broker.virtualHost, 'commands.shard.00'];
        const found = (await management.ask('GET', path)) as Record<string, unknown>;
        return found['policy'] !== null && found['policy'] !== undefined ? found : undefined;
      },
      { what: 'the policy is in effect' },
    );
    expect(queue).toMatchObject({
      policy: 'commands',
      effective_policy_definition: { 'delivery-limit': 1_000_000, overflow: 'reject-publish' },
    });
  });

  test('the imported definitions are those that a process declares', async () => {
    const definitions = definitionsOf(topologyOf(SHARDS), broker.virtualHost);
    await management.ask('POST', ['definitions', broker.virtualHost], {
      ...definitions,
      vhosts: undefined,
    });
    // The broker refuses to declare a queue or exchange with other properties than it has.
    await declare();
    const bindings = await management.ask('GET', ['bindings', broker.virtualHost]);
    const ours = (bindings as { source: string }[]).filter(({ source }) => source !== '');
    expect(ours).toHaveLength(definitions['bindings']?.length ?? -1);
  });

  test('the virtual host is the one that the URL names', () => {
    expect(virtualHostOf(broker.url)).toBe(broker.virtualHost);
    expect(virtualHostOf('amqp://localhost')).toBe('/');
    expect(virtualHostOf('amqp://localhost/%2f')).toBe('/');
  });

  test('a refusal quotes the broker', async () => {
    const asked = management.ask('GET', ['queues', broker.virtualHost, 'none of this name']);
    await expect(asked).rejects.toThrow(/404/);
  });
});
