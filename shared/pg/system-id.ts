/** The id of a system: its database server and its database. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const SYSTEM_ID = statement<{ id: string }>(
  'system-id',
  `SELECT c.system_identifier || '.' || d.oid AS id
     FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()`,
);

/** Loads the id, which is the same for all processes of a system, on all machines and after a failover. */
export async function loadSystemId(pool: Pool): Promise<string> {
  const [row] = await SYSTEM_ID.run(pool);
  if (row === undefined) throw new TypeError('the database gave no id of the system');
  return row.id;
}
