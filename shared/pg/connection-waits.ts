/** Counts how often, and for how long, work waited for a connection of its pool. */
import type { Pool } from './pool.ts';

type ConnectionWaits = { readonly count: number; readonly totalMs: number };

const waits = new WeakMap<Pool, ConnectionWaits>();
const NONE: ConnectionWaits = { count: 0, totalMs: 0 };

/** Returns the waits since the pool was opened. */
export const connectionWaitsOf = (pool: Pool): ConnectionWaits => waits.get(pool) ?? NONE;

export function countConnectionWait(pool: Pool, ms: number): void {
  const { count, totalMs } = connectionWaitsOf(pool);
  waits.set(pool, { count: count + 1, totalMs: totalMs + ms });
}
