import { describe, expect, test } from '@jest/globals';
import { feedQueue, quoteFeedQueue, replyQueue } from '../../../shared/messages/address.ts';
import { POLICIES } from '../../../shared/messages/policies.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';

const queues = [
  ...topologyOf(16).queues.map(({ name }) => name),
  replyQueue('transaction-1', 'some-id'),
  quoteFeedQueue('transaction-1', 'some-id'),
  feedQueue('board'),
];
const policiesOf = (queue: string): readonly string[] =>
  POLICIES.filter(({ pattern }) => new RegExp(pattern).test(queue)).map(({ name }) => name);

describe('policies', () => {
  test.each(queues)('%s has exactly one policy', (queue) => {
    expect(policiesOf(queue)).toHaveLength(1);
  });

  test('every policy is some queue’s', () => {
    const used = new Set(queues.flatMap(policiesOf));
    expect([...used].sort()).toEqual(POLICIES.map(({ name }) => name).sort());
  });

  test('every queue has a bound on its length', () => {
    const bounds = ['max-length', 'max-length-bytes'];
    const unbounded = POLICIES.filter(
      ({ definition }) => !bounds.some((bound) => bound in definition),
    );
    expect(unbounded).toEqual([]);
  });

  test('commands and audit events are never dropped: the excess is refused', () => {
    for (const queue of ['commands.shard.00', 'audit.events', 'intake.lines']) {
      const [name] = policiesOf(queue);
      const definition = POLICIES.find((policy) => policy.name === name)?.definition;
      expect(definition).toMatchObject({ overflow: 'reject-publish' });
      expect(definition).not.toHaveProperty('message-ttl');
    }
  });
});
