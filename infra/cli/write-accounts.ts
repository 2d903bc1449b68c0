/** The accounts file: a JSON line an account, by code point of the name. */
import { scanAccounts } from '../../shared/pg/accounts-scan.ts';
import type { Pool } from '../../shared/pg/pool.ts';

/** Hands each account's line to `write`; says how many there are. */
export async function writeAccounts(
  pool: Pool,
  orderLifetimeMs: number,
  write: (line: string) => Promise<void> | void,
): Promise<number> {
  const client = await pool.connect();
  let count = 0;
  try {
    // One transaction is one instant: orders that expire meanwhile are not seen twice over.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    for await (const lines of scanAccounts(client, orderLifetimeMs)) {
      count += lines.length;
      for (const line of lines) await write(line);
    }
    await client.query('COMMIT');
    return count;
  } finally {
    client.release();
  }
}
