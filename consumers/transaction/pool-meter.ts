/** Metrics of the waits for database connections, of which there is one for each batch in flight. */
import { connectionWaitsOf } from '../../shared/pg/connection-waits.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { readAtScrape, type Metrics } from '../../shared/runtime/metrics.ts';

export function measurePool(metrics: Metrics, pool: Pool): void {
  readAtScrape(metrics, {
    name: 'daytrade_connection_waits_total',
    help: 'Transactions that took a connection to the database out of the pool.',
    type: 'counter',
    labels: [],
    read: () => [{ value: connectionWaitsOf(pool).count }],
  });
  readAtScrape(metrics, {
    name: 'daytrade_connection_wait_seconds_total',
    help: 'How long they waited for it, in all.',
    type: 'counter',
    labels: [],
    read: () => [{ value: connectionWaitsOf(pool).totalMs / 1_000 }],
  });
}
