/** What keeps the tables in shape over months: partitions ahead of time, and keys past their time. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** How long the key of a write from the web or by hand is kept: SPEC §6.3, DESIGN §1. */
const KEYS_KEPT_MS = 24 * 60 * 60 * 1_000;
/** A bound on one statement: the rest goes the next time. */
const KEYS_AT_ONCE = 10_000;
/** This month and the next: whoever looks daily is never late. */
const MONTHS_AHEAD = 1;

const DROP_KEYS = statement<{ user_id: string }>(
  'streams-drop-keys',
  `DELETE FROM streams WHERE (user_id, stream) IN (
     SELECT user_id, stream FROM streams
      WHERE stream NOT LIKE 'run:%' AND at < (extract(epoch FROM now()) * 1000)::bigint - $1
      LIMIT $2)
   RETURNING user_id`,
);

/** Forgets streams of one write that are past their time; those of runs stay. Says how many. */
export async function dropOldKeys(pool: Pool): Promise<number> {
  return (await DROP_KEYS.run(pool, KEYS_KEPT_MS, KEYS_AT_ONCE)).length;
}

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
