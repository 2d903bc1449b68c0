/** Writes the accounts file: one JSON line per account, in the order of the names' code points. */
import type { Writable } from 'node:stream';
import { scanAccounts } from '../../shared/pg/accounts-scan.ts';
import { withConnection } from '../../shared/pg/connection.ts';
import { scanPastAccounts } from '../../shared/pg/past-accounts.ts';
import type { Client, Pool } from '../../shared/pg/pool.ts';
import { writeText } from './output-file.ts';

/**
 * The longest pause of a reader, such as a pager. It is bounded, because an old snapshot keeps dead
 * rows.
 */
const PAUSE_MAX = `SET LOCAL idle_in_transaction_session_timeout = '10min'`;

type Scan = (client: Client) => AsyncGenerator<readonly string[]>;
type Write = (lines: readonly string[]) => Promise<void> | void;

/**
 * Passes the accounts' lines to `write`, one batch at a time; resolves to the number of accounts.
 */
export const writeAccounts = (pool: Pool, orderLifetimeMs: number, write: Write): Promise<number> =>
  writeScanned(pool, (client) => scanAccounts(client, orderLifetimeMs), write);

async function writeScanned(pool: Pool, scan: Scan, write: Write): Promise<number> {
  return await withConnection(pool, async (client) => {
    let count = 0;
    // One transaction sees one instant: its fixed now() also decides which orders have expired.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(PAUSE_MAX);
    for await (const lines of scan(client)) {
      count += lines.length;
      await write(lines);
    }
    await client.query('COMMIT');
    return count;
  });
}

/** Writes the accounts file to a stream; resolves to the number of accounts. */
export const streamAccounts = (
  pool: Pool,
  orderLifetimeMs: number,
  into: Writable,
): Promise<number> => writeAccounts(pool, orderLifetimeMs, (lines) => streamLines(into, lines));

/** Writes the accounts as they were at an instant. */
export const streamPastAccounts = (pool: Pool, at: number, into: Writable): Promise<number> =>
  writeScanned(
    pool,
    (client) => scanPastAccounts(client, at),
    (lines) => streamLines(into, lines),
  );

/** Writes lines of the accounts file to a stream. */
export const streamLines = (into: Writable, lines: readonly string[]): Promise<void> =>
  writeText(into, lines.map((line) => `${line}\n`).join(''));
