/** How many connections each process opens at most, and whether the server has as many to give. */
import type { Pools } from '../runtime/config.ts';
import { ConfigError } from '../runtime/errors.ts';
import { withClient } from './with-client.ts';

/** A process of each pool; the command line has its own beside them. */
export const CONNECTIONS: Readonly<Record<keyof Pools | 'commands', number>> = {
  /** Two batches in flight, and one that watches how far the audit is behind. */
  transaction: 3,
  /** Storing hits and reading quotes, and one that holds the claims. */
  quote: 5,
  trigger: 2,
  /** Inserting, left-over rows, the row of a dump, and one that reads the log. */
  audit: 4,
  /** Numbers for lines that bring none. */
  intake: 1,
  /** Requests, and two that read the log. */
  web: 8,
  /** Several commands at once: a run, a dump, a reconciliation. */
  commands: 12,
};

/** Throws a `ConfigError` where pools of these sizes could run out of connections. */
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
