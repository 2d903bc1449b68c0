/** The accounts file: a JSON line an account, by code point of the name. */
import type { Writable } from 'node:stream';
import { scanAccounts } from '../../shared/pg/accounts-scan.ts';
import { withConnection } from '../../shared/pg/connection.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { writeText } from './output-file.ts';

/** Somebody who reads the accounts in a pager may pause for so long: an old snapshot keeps dead rows. */
const PAUSE_MAX = `SET LOCAL idle_in_transaction_session_timeout = '10min'`;

/** Hands the accounts' lines to `write`, a batch at a time; says how many there are. */
export async function writeAccounts(
  pool: Pool,
  orderLifetimeMs: number,
  write: (lines: readonly string[]) => Promise<void> | void,
): Promise<number> {
  return await withConnection(pool, async (client) => {
    let count = 0;
    // One transaction is one instant: orders that expire meanwhile are not seen twice over.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(PAUSE_MAX);
    for await (const lines of scanAccounts(client, orderLifetimeMs)) {
      count += lines.length;
      await write(lines);
    }
    await client.query('COMMIT');
    return count;
  });
}

/** Writes the accounts file into a stream; says how many accounts there are. */
export const streamAccounts = (
  pool: Pool,
  orderLifetimeMs: number,
  into: Writable,
): Promise<number> =>
  writeAccounts(pool, orderLifetimeMs, (lines) =>
    writeText(into, lines.map((line) => `${line}\n`).join('')),
  );
