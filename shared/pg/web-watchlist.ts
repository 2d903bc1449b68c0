/** The stocks that users have starred. */
import type { UserId } from '../domain/identity.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const LIST = statement<{ symbol: string }>(
  'web-watches-list',
  `SELECT symbol FROM web_watches WHERE user_id = $1 ORDER BY symbol`,
);
export const loadWatches = async (pool: Pool, user: UserId): Promise<readonly string[]> =>
  (await LIST.run(pool, user)).map(({ symbol }) => symbol);

const ADD = statement(
  'web-watches-add',
  `INSERT INTO web_watches (user_id, symbol)
   SELECT $1, $2 WHERE (SELECT count(*) FROM web_watches WHERE user_id = $1) < $3
   ON CONFLICT DO NOTHING`,
);
const HAS = statement<{ found: boolean }>(
  'web-watches-has',
  `SELECT EXISTS (SELECT FROM web_watches WHERE user_id = $1 AND symbol = $2) AS found`,
);

/** Adds a stock; false if it is not there afterwards, because the user has `most` already. */
export async function addWatch(
  pool: Pool,
  { user, symbol, most }: { readonly user: UserId; readonly symbol: string; readonly most: number },
): Promise<boolean> {
  await ADD.run(pool, user, symbol, most);
  return (await HAS.run(pool, user, symbol))[0]?.found ?? false;
}

const DELETE = statement(
  'web-watches-delete',
  `DELETE FROM web_watches WHERE user_id = $1 AND symbol = $2`,
);
export async function deleteWatch(pool: Pool, user: UserId, symbol: string): Promise<void> {
  await DELETE.run(pool, user, symbol);
}
