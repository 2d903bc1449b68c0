/** Rows of the audit log as they travel, without what differs from message to message. */
import { AUDIT_COLUMNS } from '../../shared/messages/audit-entry.ts';
import type { Pool } from '../../shared/pg/pool.ts';

const MOST = 20_000;
/** All but the outbox id and the index; none of a bench's texts needs an escape. */
const FIELDS = AUDIT_COLUMNS.slice(2).map((column) => `coalesce(${column}::text, '\\N')`);
const TAILS = `
  SELECT concat_ws(E'\\t', ${FIELDS.join(', ')}) AS tail
    FROM audit_events ORDER BY outbox_id DESC, index LIMIT ${MOST}`;

export async function loadAuditTails(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ tail: string }>(TAILS);
  return rows.map(({ tail }) => tail);
}
