/** Partitions of the audit log, made ahead of time. */
import type { Pool } from './pool.ts';

/** This month and the next: whoever looks daily is never late. */
const MONTHS_AHEAD = 1;

/** Makes the months' partitions of the audit log that are missing; says which. */
export async function makeAuditPartitions(pool: Pool): Promise<readonly string[]> {
  const made: string[] = [];
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
    const name = await makePartition(pool, ahead);
    if (name !== undefined) made.push(name);
  }
  return made;
}

/** Undefined where it exists, or where rows of that month are in the rest already. */
async function makePartition(pool: Pool, ahead: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ made: string | null }>(
    `SELECT make_audit_partition((now() + make_interval(months => $1))::date) AS made`,
    [ahead],
  );
  return rows[0]?.made ?? undefined;
}
