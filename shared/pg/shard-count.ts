/** How many shards a database's users are spread over: part of what is stored, for it outlives a start. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

const MAKE = statement(
  'shard-count-make',
  `INSERT INTO shard_count (shards) VALUES ($1) ON CONFLICT DO NOTHING`,
);
const LOAD = statement<{ shards: number }>('shard-count-load', `SELECT shards FROM shard_count`);
const CHANGE = statement('shard-count-change', `UPDATE shard_count SET shards = $1`);

/** The number that is stored; `first` where none was. */
export async function settleShardCount(pool: Pool, first: number): Promise<number> {
  await MAKE.run(pool, first);
  const [row] = await LOAD.run(pool);
  if (row === undefined) throw new TypeError('the shard count is not stored');
  return row.shards;
}

/** The number that is stored; undefined before the first start. */
export async function loadShardCount(client: Client): Promise<number | undefined> {
  const [row] = await LOAD.run(client);
  return row?.shards;
}

/** For a database whose number is settled, while nobody takes commands. */
export async function changeShardCount(pool: Pool, shards: number): Promise<void> {
  await CHANGE.run(pool, shards);
}
