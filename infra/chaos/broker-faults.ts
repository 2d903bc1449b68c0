/** Faults that the broker's management API can cause on one virtual host. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { openManagement } from '../../shared/amqp/management.ts';

export type BrokerTarget = {
  /** Includes user and password. */
  readonly managementUrl: string;
  readonly virtualHost: string;
};

/** Returns the management API and the virtual host of an AMQP URL. */
export const brokerTargetOf = (managementUrl: string, amqpUrl: string): BrokerTarget => ({
  managementUrl,
  virtualHost: virtualHostOf(amqpUrl),
});

type Connection = { readonly name: string; readonly user_provided_name?: string };

/** Closes the connections whose name contains the text (by default all); resolves to their number. */
export async function closeConnections(
  { managementUrl, virtualHost }: BrokerTarget,
  named = '',
): Promise<number> {
  const management = openManagement(managementUrl);
  const listed = await management.ask('GET', ['vhosts', virtualHost, 'connections']);
  const connections = listed as readonly Connection[];
  const meant = connections.filter(({ user_provided_name: name = '' }) => name.includes(named));
  await Promise.all(
    meant.map(({ name }) =>
      // A connection that has gone meanwhile counts as closed.
      management.ask('DELETE', ['connections', name]).catch(() => undefined),
    ),
  );
  return meant.length;
}

export async function deleteQueue(
  { managementUrl, virtualHost }: BrokerTarget,
  queue: string,
): Promise<void> {
  await openManagement(managementUrl).ask('DELETE', ['queues', virtualHost, queue]);
}

/**
 * Limits each shard's queue to one message and refuses further ones, so that later messages
 * overtake refused ones. Resolves to the function that lifts the limit.
 */
export async function limitQueues({
  managementUrl,
  virtualHost,
}: BrokerTarget): Promise<() => Promise<void>> {
  const management = openManagement(managementUrl);
  const path = ['policies', virtualHost, 'one-at-a-time'];
  await management.ask('PUT', path, {
    pattern: '^commands\\.shard\\.',
    definition: { 'max-length': 1, overflow: 'reject-publish' },
    'apply-to': 'queues',
    // Only the policy with the highest priority applies to a queue.
    priority: 100,
  });
  return async () => {
    await management.ask('DELETE', path);
  };
}
