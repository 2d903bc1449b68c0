/** Partitions of the audit log, made ahead of time. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

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

/** Audit messages wait behind this lock, and a backup may keep it waiting: the next hour tries again. */
const LOCK_MAX = `SET LOCAL lock_timeout = '500ms'`;
const MAKE = statement<{ made: string | null }>(
  'audit-partition-make',
  `SELECT make_audit_partition((now() + make_interval(months => $1))::date) AS made`,
);

/** Undefined if it exists, or if rows of that month are in the rest already. */
async function makePartition(pool: Pool, ahead: number): Promise<string | undefined> {
  return await inTransaction(pool, async (client) => {
    await client.query(LOCK_MAX);
    const [row] = await MAKE.run(client, ahead);
    return row?.made ?? undefined;
  });
}
