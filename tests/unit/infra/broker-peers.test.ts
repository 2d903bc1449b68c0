import { expect, test } from '@jest/globals';
import { peersOf } from '../../../infra/services/replicated/rabbitmq-node.ts';

const machines = ['a', 'b', 'c'];

test('before the cluster has formed, the first node looks for none, and the others for the first', () => {
  const peers = machines.map((machine) => peersOf(machine, { machines, formed: false }));
  expect(peers).toEqual([['a'], ['a', 'b'], ['a', 'c']]);
});

test('a node of a formed cluster that lost its data looks for all the others', () => {
  expect(peersOf('a', { machines, formed: true })).toEqual(machines);
});
