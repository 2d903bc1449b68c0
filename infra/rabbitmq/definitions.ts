/** Renders all objects on the broker in the format of RabbitMQ's definitions file. Pure. */
import { POLICIES, POLICY_PRIORITY, type PolicySpec } from '../../shared/messages/policies.ts';
import { queueArguments, type Topology } from '../../shared/messages/topology.ts';

type Definitions = Readonly<Record<string, readonly object[]>>;

/**
 * Contains no users, because their passwords belong to one installation and must not be passed on.
 */
export function definitionsOf(topology: Topology, vhost: string): Definitions {
  const common = { vhost, durable: true, auto_delete: false };
  return {
    vhosts: [{ name: vhost }],
    policies: POLICIES.map((spec) => ({ vhost, name: spec.name, ...policyBody(spec) })),
    exchanges: topology.exchanges.map(({ name, type }) => ({
      ...common,
      name,
      type,
      internal: false,
      arguments: {},
    })),
    queues: topology.queues.map((spec) => ({
      ...common,
      name: spec.name,
      arguments: queueArguments(spec),
    })),
    bindings: topology.queues.flatMap(({ name, bindings }) =>
      bindings.map(({ exchange, key }) => ({
        vhost,
        source: exchange,
        destination: name,
        destination_type: 'queue',
        routing_key: key,
        arguments: {},
      })),
    ),
  };
}

export const policyBody = ({ pattern, definition }: PolicySpec): object => ({
  pattern,
  'apply-to': 'queues',
  priority: POLICY_PRIORITY,
  definition,
});
