/** The fired triggers of one user, and which of them the user has seen. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type FiringRow = {
  readonly id: bigint;
  readonly at: bigint;
  readonly number: bigint;
  readonly event: 'BuyTriggerFired' | 'SellTriggerFired';
  readonly symbol: string;
  readonly price: bigint;
  readonly traded: bigint;
  readonly traded_shares: bigint;
  readonly unread: boolean;
};

/** By the partial index ledger_fired_once. */
const LIST = statement<FiringRow>(
  'web-inbox-list',
  `SELECT id, at, number, event, symbol, price, traded, traded_shares,
          id > coalesce((SELECT inbox_read_id FROM web_users WHERE user_id = $1), 0) AS unread
     FROM ledger WHERE user_id = $1 AND event IN ('BuyTriggerFired', 'SellTriggerFired')
    ORDER BY id DESC LIMIT $2`,
);

/** Lists the latest firings, the latest first. */
export const loadFirings = async (
  pool: Pool,
  user: string,
  most: number,
): Promise<readonly FiringRow[]> => await LIST.run(pool, user, most);

/** Ids beyond the user's last entry would mark firings that are still to come. */
const READ = statement(
  'web-inbox-read',
  `UPDATE web_users SET inbox_read_id = greatest(inbox_read_id, least($2::bigint,
     (SELECT max(id) FROM ledger WHERE user_id = $1))) WHERE user_id = $1`,
);

/** Marks the firings up to a ledger entry as read. */
export async function markInboxRead(pool: Pool, user: string, upTo: string): Promise<void> {
  await READ.run(pool, user, upTo);
}
