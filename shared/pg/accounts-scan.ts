/** Reads all accounts in constant memory. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

/** A line of the accounts file, as PostgreSQL rendered it. */
type AccountRow = { readonly user_id: string; readonly line: string };

const ROWS_AT_ONCE = 1_000;

/** Omits expired orders. Users are in the order of the code points of their names. By primary key. */
const ACCOUNTS = `
  SELECT a.user_id, json_build_object(
      'user', a.user_id,
      'balance', a.balance,
      'held', (SELECT coalesce(sum(o.shares * o.price), 0) FROM live o
                WHERE o.user_id = a.user_id AND o.side = 'buy'),
      'holdings', (SELECT coalesce(json_object_agg(h.symbol, h.shares ORDER BY h.symbol), '{}')
                     FROM holdings h WHERE h.user_id = a.user_id AND h.shares > 0),
      'pendingBuys', (SELECT coalesce(json_agg(o.line ORDER BY o.no), '[]') FROM live o
                       WHERE o.user_id = a.user_id AND o.side = 'buy'),
      'pendingSells', (SELECT coalesce(json_agg(o.line ORDER BY o.no), '[]') FROM live o
                        WHERE o.user_id = a.user_id AND o.side = 'sell'),
      'buyTriggers', (SELECT coalesce(json_object_agg(t.symbol, json_build_object(
                               'amount', t.amount, 'price', t.price) ORDER BY t.symbol), '{}')
                        FROM triggers t WHERE t.user_id = a.user_id AND t.side = 'buy'),
      'sellTriggers', (SELECT coalesce(json_object_agg(t.symbol, json_build_object(
                                'amount', t.amount, 'price', t.price, 'shares', t.shares)
                                ORDER BY t.symbol), '{}')
                         FROM triggers t WHERE t.user_id = a.user_id AND t.side = 'sell')
    )::text AS line
  FROM accounts a WHERE a.user_id > $2 ORDER BY a.user_id LIMIT ${ROWS_AT_ONCE}`;

const LIVE_ORDERS = `
  WITH live AS NOT MATERIALIZED (
    SELECT user_id, side, no, shares, price,
           json_build_object('symbol', symbol, 'shares', shares, 'price', price) AS line
      FROM orders WHERE at + $1 > (extract(epoch FROM now()) * 1000)::bigint)`;

/** A connection without an answer for this long is assumed to be dead. */
const PAGE_MAX_MS = 60_000;

const PAGE = statement<AccountRow>('accounts-page', `${LIVE_ORDERS} ${ACCOUNTS}`, {
  maxMs: PAGE_MAX_MS,
});

/**
 * Yields all accounts page by page, each account as a JSON text. They are of one instant only if the
 * transaction of `client` has one snapshot.
 */
export async function* scanAccounts(
  client: Client,
  orderLifetimeMs: number,
): AsyncGenerator<readonly string[]> {
  let last = '';
  for (;;) {
    const rows = await PAGE.run(client, Math.round(orderLifetimeMs), last);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows.map(({ line }) => JSON.stringify(JSON.parse(line)));
    if (rows.length < ROWS_AT_ONCE) return;
    last = end.user_id;
  }
}

/** Returns the sum of all balances, in cents. Reserves of triggers are not in it. */
export async function totalCash(client: Client | Pool): Promise<bigint> {
  const { rows } = await client.query<{ cash: bigint }>(
    `SELECT coalesce(sum(balance), 0)::bigint AS cash FROM accounts`,
  );
  return rows[0]?.cash ?? 0n;
}
