/** What tells this system from others: its database, on its server. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const SYSTEM_ID = statement<{ id: string }>(
  'system-id',
  `SELECT c.system_identifier || '.' || d.oid AS id
     FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()`,
);

/** The same for all processes of a system, on all its machines and after a failover. */
export async function loadSystemId(pool: Pool): Promise<string> {
  const [row] = await SYSTEM_ID.run(pool);
  if (row === undefined) throw new TypeError('the database gave no id of the system');
  return row.id;
}
