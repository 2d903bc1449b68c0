/** The feed in the database: who reads it, and what is not published yet. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

export type FeedReader = {
  readonly name: string;
  /** The pattern of routing keys that the reader gets. */
  readonly keys: string;
  readonly granted_at: bigint;
};

const READERS = statement<FeedReader>(
  'feed-readers',
  'SELECT name, keys, granted_at FROM feed_readers ORDER BY name',
);
export const loadFeedReaders = (pool: Pool): Promise<readonly FeedReader[]> => READERS.run(pool);

const READ = statement<{ read: boolean }>(
  'feed-read',
  'SELECT EXISTS (SELECT FROM feed_readers) AS read',
);

/** Whether anybody reads the feed. */
export const isFeedRead = async (pool: Pool): Promise<boolean> =>
  (await READ.run(pool))[0]?.read ?? false;

const GRANT = statement(
  'feed-grant',
  `INSERT INTO feed_readers (name, keys) VALUES ($1, $2)
   ON CONFLICT (name) DO UPDATE SET keys = EXCLUDED.keys, granted_at = now_ms()`,
);
export const saveFeedReader = async (pool: Pool, name: string, keys: string): Promise<void> => {
  await GRANT.run(pool, name, keys);
};

const REVOKE = statement<{ name: string }>(
  'feed-revoke',
  'DELETE FROM feed_readers WHERE name = $1 RETURNING name',
);
/** Resolves to whether there was such a reader. */
export const deleteFeedReader = async (pool: Pool, name: string): Promise<boolean> =>
  (await REVOKE.run(pool, name)).length > 0;

const INSERT = statement('feed-insert', 'INSERT INTO feed_outbox (id, body) VALUES ($1, $2)');

/** Inserts what happened in the transaction of `client`. */
export const insertFeed = (client: Client, id: string, body: string): Promise<unknown> =>
  INSERT.run(client, id, body);

/** Any number; it is the lock of the process that publishes. */
const PUBLISHER_LOCK = 7_021_024;
const LOCK = statement<{ locked: boolean }>(
  'feed-lock',
  `SELECT pg_try_advisory_xact_lock(${PUBLISHER_LOCK}) AS locked`,
);

/** The most rows of one publication: the events of as many batches. */
const ROWS_MAX = 64;
/** How long what the broker does not take is kept. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

type FeedRow = { readonly id: bigint; readonly body: string };

/** By primary key. */
const OLDEST = statement<FeedRow>(
  'feed-oldest',
  `SELECT id, body FROM feed_outbox ORDER BY id LIMIT ${ROWS_MAX}`,
);
const DELETE = statement('feed-delete', 'DELETE FROM feed_outbox WHERE id = ANY ($1::bigint[])');
const FORGET = statement<{ id: bigint }>(
  'feed-forget',
  `DELETE FROM feed_outbox WHERE at < now_ms() - $1::bigint RETURNING id`,
);

/**
 * Publishes the oldest rows, and deletes them once `publish` resolves; if it rejects, or the process ends, they are
 * published again. One process publishes at a time, so that no row overtakes an earlier one of its users. Resolves to
 * whether there may be more.
 */
export const publishFeed = (
  pool: Pool,
  publish: (rows: readonly FeedRow[]) => Promise<void>,
): Promise<boolean> =>
  inTransaction(pool, async (client) => {
    if ((await LOCK.run(client))[0]?.locked !== true) return false;
    const rows = await OLDEST.run(client);
    if (rows.length === 0) return false;
    await publish(rows);
    await DELETE.run(
      client,
      rows.map(({ id }) => id),
    );
    return rows.length === ROWS_MAX;
  });

/** Deletes rows that the broker has not taken for a day, or all if nobody reads. Resolves to their number. */
export const forgetFeed = async (pool: Pool, isRead: boolean): Promise<number> =>
  (await FORGET.run(pool, isRead ? KEPT_MS : 0)).length;

/** The most users whose expired orders one transaction ends. */
const USERS_MAX = 200;

export type ExpiredOrder = {
  readonly user_id: string;
  readonly side: 'buy' | 'sell';
  readonly symbol: string;
  readonly shares: bigint;
  readonly price: bigint;
};

/** Passes over users whose commands are being decided: their batch ends their expired orders itself. */
const EXPIRE = statement<ExpiredOrder>(
  'feed-expire',
  `WITH locked AS MATERIALIZED (
     SELECT user_id FROM users
      WHERE user_id IN (SELECT user_id FROM orders WHERE at + $1::bigint <= now_ms())
      ORDER BY user_id LIMIT ${USERS_MAX} FOR UPDATE SKIP LOCKED)
   DELETE FROM orders USING locked
    WHERE orders.user_id = locked.user_id AND orders.at + $1::bigint <= now_ms()
   RETURNING orders.user_id, orders.side, orders.symbol, orders.shares, orders.price`,
);

/** Deletes orders that have expired, under the locks of their users. */
export const deleteExpiredOrders = (
  client: Client,
  orderLifetimeMs: number,
): Promise<readonly ExpiredOrder[]> => EXPIRE.run(client, Math.round(orderLifetimeMs));
