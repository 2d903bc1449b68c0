/** Faults that the broker's management API can cause on one virtual host. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { manage } from './management.ts';

export type BrokerTarget = {
  /** With user and password. */
  readonly managementUrl: string;
  readonly virtualHost: string;
};

/** Where the broker's management is, and which virtual host an AMQP URL means. */
export const brokerTargetOf = (managementUrl: string, amqpUrl: string): BrokerTarget => ({
  managementUrl,
  virtualHost: virtualHostOf(amqpUrl),
});

type Connection = { readonly name: string; readonly user_provided_name?: string };

/** Closes every connection, or those whose name holds the text; says how many. */
export async function closeConnections(
  { managementUrl, virtualHost }: BrokerTarget,
  named = '',
): Promise<number> {
  const path = `vhosts/${encodeURIComponent(virtualHost)}/connections`;
  const connections = (await manage(managementUrl, ['GET', path])) as readonly Connection[];
  const meant = connections.filter(({ user_provided_name: name = '' }) => name.includes(named));
  await Promise.all(
    meant.map(({ name }) =>
      // One that has gone meanwhile is closed as well.
      manage(managementUrl, ['DELETE', `connections/${encodeURIComponent(name)}`]).catch(
        () => undefined,
      ),
    ),
  );
  return meant.length;
}

export async function deleteQueue(
  { managementUrl, virtualHost }: BrokerTarget,
  queue: string,
): Promise<void> {
  await manage(managementUrl, ['DELETE', `queues/${encodeURIComponent(virtualHost)}/${queue}`]);
}

/**
 * Lets the queues of the shards take one message at a time and refuse the others, so that some are
 * overtaken by those after them; the function that is given lifts that.
 */
export async function limitQueues({
  managementUrl,
  virtualHost,
}: BrokerTarget): Promise<() => Promise<void>> {
  const path = `policies/${encodeURIComponent(virtualHost)}/one-at-a-time`;
  await manage(managementUrl, [
    'PUT',
    path,
    {
      pattern: '^commands\\.shard\\.',
      definition: { 'max-length': 1, overflow: 'reject-publish' },
      'apply-to': 'queues',
      // Of several policies a queue has the one that comes first.
      priority: 100,
    },
  ]);
  return async () => {
    await manage(managementUrl, ['DELETE', path]);
  };
}
