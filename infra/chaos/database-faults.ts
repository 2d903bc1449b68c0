/** Faults that a database connection can cause. */
import type { Pool } from '../../shared/pg/pool.ts';

/** Terminates all connections to this database except the pool's own; resolves to their number. */
export async function terminateConnections(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend'
        AND application_name <> current_setting('application_name')`,
  );
  return rowCount ?? 0;
}

/** Locks the rows of all users for `ms` milliseconds. */
export async function holdLocks(pool: Pool, ms: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query('SELECT FROM users ORDER BY user_id FOR UPDATE');
    await new Promise((resolve) => setTimeout(resolve, ms));
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
}
