/** The audit log as XML, straight from the database. */
import type { Writable } from 'node:stream';
import { writeLog } from '../../consumers/audit/write-log.ts';
import { insertLeftOver } from '../../shared/pg/audit-insert.ts';
import { waitForOutbox } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';

const LOOK_MS = 20;
const AT_ONCE = 32;

/** Writes it with every event that is committed now; says how many events it holds. */
export async function dumpLog(
  pool: Pool,
  { into, user }: { readonly into: Writable; readonly user: string | undefined },
): Promise<number> {
  // What a system that was stopped or killed left is stored here; a running one stores its own.
  await waitForOutbox(pool, async () => {
    const stored = await insertLeftOver(pool, { olderThanS: 1, most: AT_ONCE });
    if (stored === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  });
  return await writeLog(pool, user, { into });
}
