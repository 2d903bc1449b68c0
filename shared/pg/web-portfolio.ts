/** One user's portfolio at an instant, for the web. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** Money is in whole cents. A double represents all its numbers exactly. */
export type PortfolioRecord = {
  readonly now: number;
  /** Null if the user has no account. */
  readonly balance: number | null;
  readonly holdings: readonly { readonly symbol: string; readonly shares: number }[];
  readonly orders: readonly OrderRecord[];
  readonly triggers: readonly TriggerRecord[];
  /** The latest quotes of the symbols above. */
  readonly quotes: readonly QuoteRecord[];
  /** The fired triggers that the user has not seen; at most 100 are counted. */
  readonly unread: number;
  /** The id of the last ledger entry; 0 if there is none. */
  readonly lastEntry: string;
  /** A hash that changes with the account, orders, triggers, ledger or inbox, but not with quotes. */
  readonly version: string;
};

type OrderRecord = {
  readonly no: number;
  readonly side: 'buy' | 'sell';
  readonly symbol: string;
  readonly shares: number;
  readonly price: number;
  readonly at: number;
};

type TriggerRecord = {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly amount: number;
  readonly price: number | null;
  readonly shares: number;
};

export type QuoteRecord = {
  readonly symbol: string;
  readonly price: number;
  readonly receivedAt: number;
};

/** Each list by its table's primary key. One statement, so that everything is of one instant. */
const LOAD = statement<{ record: string; version: string }>(
  'web-portfolio-load',
  `WITH live AS MATERIALIZED (
     SELECT no, side, symbol, shares, price, at FROM orders
      WHERE user_id = $1 AND at + $2::bigint > now_ms()),
   own AS MATERIALIZED (
     SELECT symbol, shares FROM holdings WHERE user_id = $1 AND shares > 0),
   standing AS MATERIALIZED (
     SELECT symbol, side, amount, price, shares, arming_id FROM triggers WHERE user_id = $1),
   inbox AS (SELECT coalesce((SELECT inbox_read_id FROM web_users WHERE user_id = $1), 0) AS read_id),
   cash AS (SELECT (SELECT balance FROM accounts WHERE user_id = $1) AS balance),
   last AS (SELECT coalesce((SELECT max(id) FROM ledger WHERE user_id = $1), 0) AS id)
   SELECT json_build_object(
       'now', now_ms(),
       'balance', cash.balance,
       'holdings', (SELECT coalesce(json_agg(json_build_object(
           'symbol', symbol, 'shares', shares) ORDER BY symbol), '[]') FROM own),
       'orders', (SELECT coalesce(json_agg(json_build_object(
           'no', no, 'side', side, 'symbol', symbol, 'shares', shares, 'price', price, 'at', at)
           ORDER BY no DESC), '[]') FROM live),
       'triggers', (SELECT coalesce(json_agg(json_build_object(
           'symbol', symbol, 'side', side, 'amount', amount, 'price', price, 'shares', shares)
           ORDER BY symbol, side), '[]') FROM standing),
       'quotes', (SELECT coalesce(json_agg(json_build_object(
           'symbol', symbol, 'price', price, 'receivedAt', received_at)), '[]') FROM quotes
            WHERE symbol IN (SELECT symbol FROM own UNION SELECT symbol FROM standing
                             UNION SELECT symbol FROM live)),
       'unread', (SELECT count(*) FROM (SELECT FROM ledger
            WHERE user_id = $1 AND event IN ('BuyTriggerFired', 'SellTriggerFired')
              AND id > inbox.read_id LIMIT 100) AS unread),
       'lastEntry', last.id::text)::text AS record,
     md5(concat_ws('/', cash.balance, last.id, inbox.read_id,
       (SELECT string_agg(no::text, ',' ORDER BY no) FROM live),
       (SELECT string_agg(concat_ws(':', symbol, side, amount, arming_id), ',' ORDER BY symbol, side)
          FROM standing))) AS version
     FROM cash, last, inbox`,
);

/** Loads the portfolio of a user, without expired orders. */
export async function loadPortfolioRecord(
  pool: Pool,
  user: string,
  orderLifetimeMs: number,
): Promise<PortfolioRecord> {
  const [row] = await LOAD.run(pool, user, Math.round(orderLifetimeMs));
  if (row === undefined) throw new TypeError('the database gave no portfolio');
  const record = JSON.parse(row.record) as Omit<PortfolioRecord, 'version'>;
  return { ...record, version: row.version };
}

/** The same version as above, for many users at once. A watcher detects changes by it. */
const VERSIONS = statement<{ user_id: string; version: string }>(
  'web-portfolio-versions',
  `SELECT u.user_id, md5(concat_ws('/',
       (SELECT balance FROM accounts a WHERE a.user_id = u.user_id),
       coalesce((SELECT max(id) FROM ledger l WHERE l.user_id = u.user_id), 0),
       coalesce((SELECT inbox_read_id FROM web_users w WHERE w.user_id = u.user_id), 0),
       (SELECT string_agg(no::text, ',' ORDER BY no) FROM orders o
         WHERE o.user_id = u.user_id AND o.at + $2::bigint > now_ms()),
       (SELECT string_agg(concat_ws(':', symbol, side, amount, arming_id), ',' ORDER BY symbol, side)
          FROM triggers t WHERE t.user_id = u.user_id))) AS version
     FROM unnest($1::text[]) AS u (user_id)`,
);

/** Loads the versions of users' portfolios. */
export async function loadVersions(
  pool: Pool,
  users: readonly string[],
  orderLifetimeMs: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await VERSIONS.run(pool, users, Math.round(orderLifetimeMs));
  return new Map(rows.map(({ user_id, version }) => [user_id, version]));
}
