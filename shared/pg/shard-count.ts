/** The shard count of a database's users, which is stored because it must stay the same at every start. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

const MAKE = statement(
  'shard-count-make',
  `INSERT INTO shard_count (shards) VALUES ($1) ON CONFLICT DO NOTHING`,
);
const LOAD = statement<{ shards: number }>('shard-count-load', `SELECT shards FROM shard_count`);
const CHANGE = statement('shard-count-change', `UPDATE shard_count SET shards = $1`);

/** Returns the stored count. If there is none, stores and returns `first`. */
export async function ensureShardCount(pool: Pool, first: number): Promise<number> {
  await MAKE.run(pool, first);
  const [row] = await LOAD.run(pool);
  if (row === undefined) throw new TypeError('the shard count is not stored');
  return row.shards;
}

/** Returns the stored count; undefined before the first start. */
export async function loadShardCount(client: Client): Promise<number | undefined> {
  const [row] = await LOAD.run(client);
  return row?.shards;
}

/** Changes the stored count. No process may consume commands meanwhile. */
export async function changeShardCount(pool: Pool, shards: number): Promise<void> {
  await CHANGE.run(pool, shards);
}
