/** Writes the audit log as XML, directly from the database. */
import type { Writable } from 'node:stream';
import { writeLog } from '../../consumers/audit/write-log.ts';
import { insertLeftOver } from '../../shared/pg/audit-insert.ts';
import { waitForOutbox } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';

const POLL_MS = 20;
/** The most outbox rows that one transaction stores. */
const AT_ONCE = 32;

/** Writes the log with all events committed until now; resolves to their number. */
export async function dumpLog(
  pool: Pool,
  { into, user }: { readonly into: Writable; readonly user: string | undefined },
): Promise<number> {
  // Stores the outbox rows that a stopped or killed system left. A running system stores its own,
  // so this takes only rows older than a second.
  await waitForOutbox(pool, async () => {
    const stored = await insertLeftOver(pool, { olderThanS: 1, most: AT_ONCE });
    if (stored === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  });
  return await writeLog(pool, user, { into });
}
