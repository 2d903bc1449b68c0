/** The most connections of each process, checked against the server's limit. */
import type { Pools } from '../runtime/config.ts';
import { ConfigError } from '../runtime/errors.ts';
import { withClient } from './with-client.ts';

/** The most connections of a process of each pool. `commands` is for all command lines together. */
export const CONNECTIONS: Readonly<Record<keyof Pools | 'commands', number>> = {
  /** Two for batches in flight, and one that watches how far the audit log is behind. */
  transaction: 3,
  /** Four that store hits and read quotes, and one that holds the claims. */
  quote: 5,
  trigger: 2,
  /** One each for inserting, for left-over rows, for the row of a dump, and for reading the log. */
  audit: 4,
  /** Claims idempotency keys, and draws numbers for lines without one. */
  intake: 1,
  /** Six for requests, and two that read the log. */
  web: 8,
  /** Enough for several commands at once: a run, a dump, a verification. */
  commands: 12,
};

/** Rejects with a `ConfigError` if pools of these sizes need more connections than the server allows. */
export async function checkConnections(url: string, pools: Pools): Promise<void> {
  const wanted =
    CONNECTIONS.commands +
    (Object.keys(pools) as (keyof Pools)[]).reduce(
      (sum, pool) => sum + pools[pool] * CONNECTIONS[pool],
      0,
    );
  const given = await connectionsOf(url);
  if (wanted <= given) return;
  throw new ConfigError(
    `the database gives ${given} connections, and this many processes need ${wanted}: ` +
      'raise max_connections, or lower TRANSACTION_PROCESSES and its like',
  );
}

async function connectionsOf(url: string): Promise<number> {
  return await withClient(url, async (client) => {
    const { rows } = await client.query<{ given: number }>(
      `SELECT current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int AS given`,
    );
    return rows[0]?.given ?? 0;
  });
}
