/** Measures how often, and for how long, transactions waited for a connection of their pool. */
import { readAtScrape, type Metrics } from '../runtime/metrics.ts';
import type { Pool } from './pool.ts';

type ConnectionWaits = { readonly count: number; readonly totalMs: number };

const waits = new WeakMap<Pool, ConnectionWaits>();
const NONE: ConnectionWaits = { count: 0, totalMs: 0 };

/** Returns the waits since the pool was opened. */
const connectionWaitsOf = (pool: Pool): ConnectionWaits => waits.get(pool) ?? NONE;

export function countConnectionWait(pool: Pool, ms: number): void {
  const { count, totalMs } = connectionWaitsOf(pool);
  waits.set(pool, { count: count + 1, totalMs: totalMs + ms });
}

/** Registers the waits for connections of a pool. */
export function measureConnectionWaits(metrics: Metrics, pool: Pool): void {
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
