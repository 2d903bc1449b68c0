/** Reads all accounts as they were at an instant, from the ledger alone and in constant memory. */
import type { Client } from './pool.ts';

const ROWS_AT_ONCE = 1_000;

/**
 * Sums the entries of each account up to the instant, in one pass over the ledger. The lines have the form of the
 * accounts file, without what the ledger does not hold: pending orders, and the prices of triggers.
 */
const ACCOUNTS = `
  WITH sums AS (
    SELECT user_id, symbol, sum(balance) AS balance, sum(reserve) AS reserve,
           sum(holding) AS holding, sum(reserved_shares) AS shares
      FROM ledger WHERE at <= $1 GROUP BY user_id, symbol)
  SELECT json_build_object(
      'user', user_id,
      'balance', sum(balance),
      'holdings', coalesce(json_object_agg(symbol, holding ORDER BY symbol)
                             FILTER (WHERE holding <> 0), '{}'),
      'buyTriggers', coalesce(json_object_agg(symbol, json_build_object('amount', reserve)
                                ORDER BY symbol) FILTER (WHERE reserve <> 0), '{}'),
      'sellTriggers', coalesce(json_object_agg(symbol, json_build_object('shares', shares)
                                 ORDER BY symbol) FILTER (WHERE shares <> 0), '{}')
    )::text AS line
  FROM sums GROUP BY user_id ORDER BY user_id`;

const OPEN = `DECLARE past_accounts NO SCROLL CURSOR FOR ${ACCOUNTS}`;
const FETCH = `FETCH ${ROWS_AT_ONCE} FROM past_accounts`;

/**
 * Yields the accounts page by page, in the order of the code points of the names, each as a JSON text. Must run in
 * a transaction.
 */
export async function* scanPastAccounts(
  client: Client,
  at: number,
): AsyncGenerator<readonly string[]> {
  // All rows are fetched: without this, a cursor gets the plan that gives its first rows soonest.
  await client.query(`SET LOCAL cursor_tuple_fraction = 1`);
  await client.query(`SET LOCAL work_mem = '64MB'`);
  await client.query(OPEN, [at]);
  for (;;) {
    const { rows } = await client.query<{ line: string }>(FETCH);
    if (rows.length > 0) yield rows.map(({ line }) => JSON.stringify(JSON.parse(line)));
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
