/** Creates partitions of the audit log ahead of time. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

/** The present month and the next: a daily run is never late. */
const MONTHS_AHEAD = 1;

/** Creates the partitions that are missing. Returns their names. */
export async function makeAuditPartitions(pool: Pool): Promise<readonly string[]> {
  const made: string[] = [];
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
    const name = await makePartition(pool, ahead);
    if (name !== undefined) made.push(name);
  }
  return made;
}

/** Audit messages wait behind this lock, which may wait for a backup. The next hourly run tries again. */
const LOCK_MAX = `SET LOCAL lock_timeout = '500ms'`;
const MAKE = statement<{ made: string | null }>(
  'audit-partition-make',
  `SELECT make_audit_partition((now() + make_interval(months => $1))::date) AS made`,
);

/** Returns undefined if the partition exists, or if the default partition has rows of that month. */
async function makePartition(pool: Pool, ahead: number): Promise<string | undefined> {
  return await inTransaction(pool, async (client) => {
    await client.query(LOCK_MAX);
    const [row] = await MAKE.run(client, ahead);
    return row?.made ?? undefined;
  });
}
