/**
 * Idempotency keys: under one key, commands take effect once. This table alone decides what a key
 * stands for and how long it is remembered; the positions of the key's stream do the rest.
 */
import type { UserId } from '../domain/identity.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const HOUR_MS = 60 * 60 * 1_000;
/** How long a key of the web, or of a command by hand, is remembered from its first use: SPEC §6.3. */
export const KEY_LIFETIME_MS: number = 24 * HOUR_MS;
/** A message may be parked for 30 days and replayed on the last of them. */
export const INTAKE_KEY_LIFETIME_MS: number = 31 * 24 * HOUR_MS;

/** A message that was sent just before its key expired still finds its stream when it arrives. */
const GRACE_MS = HOUR_MS;
/** A bound on one statement. */
export const EXPIRED_AT_ONCE = 10_000;

export type KeyUse = {
  readonly user: UserId;
  readonly key: string;
  readonly bodyHash: string;
  /** The transaction numbers that its commands bring, and how many more to draw. */
  readonly numbers: readonly number[];
  readonly draw: number;
  /** What the name of its stream begins with. */
  readonly stream: string;
  readonly lifetimeMs: number;
};

/** What was stored at the first use of a key, which may have been that of another body. */
export type ClaimedKey = {
  readonly bodyHash: string;
  readonly numbers: readonly number[];
  readonly stream: string;
  /** Whether it was used before. */
  readonly again: boolean;
  /** What time it is for the database; deadlines are counted from it. */
  readonly now: number;
};

type Row = { body_hash: string; numbers: readonly bigint[]; stream: string; now: bigint };

/**
 * A conflict waits until whoever inserts the same key has committed; a row whose time is over is
 * replaced. Numbers that are drawn for nothing leave gaps, which numbers may have.
 */
const CLAIM = statement<Row>(
  'idempotency-keys-claim',
  `INSERT INTO idempotency_keys AS k (user_id, key, body_hash, numbers, stream, expires_at)
   SELECT $1, $2, $3,
          $4::bigint[] || array(SELECT nextval('transaction_numbers') FROM generate_series(1, $5)),
          $6::text || '@' || now, now + $7::bigint
     FROM now_ms() AS now
   ON CONFLICT (user_id, key) DO UPDATE
      SET body_hash = EXCLUDED.body_hash, numbers = EXCLUDED.numbers, stream = EXCLUDED.stream,
          expires_at = EXCLUDED.expires_at
    WHERE k.expires_at <= now_ms()
   RETURNING body_hash, numbers, stream, expires_at - $7::bigint AS now`,
);

/** Keys of before migration 012 have fewer numbers than commands: then numbers are drawn anew. */
const FIND = statement<Row>(
  'idempotency-keys-find',
  `SELECT body_hash, stream, now_ms() AS now,
          CASE WHEN cardinality(numbers) >= $3::int THEN numbers
               ELSE array(SELECT nextval('transaction_numbers') FROM generate_series(1, $3::int))
          END AS numbers
     FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND expires_at > now_ms()`,
);

/** Claims a key, or finds what it was claimed for. */
export async function claimKey(pool: Pool, use: KeyUse): Promise<ClaimedKey> {
  const { user, key, bodyHash, numbers, draw, stream, lifetimeMs } = use;
  for (;;) {
    const [made] = await CLAIM.run(pool, user, key, bodyHash, numbers, draw, stream, lifetimeMs);
    if (made !== undefined) return claimedOf(made, false);
    const [found] = await FIND.run(pool, user, key, numbers.length + draw);
    if (found !== undefined) return claimedOf(found, true);
    // It expired between the two statements.
  }
}

const claimedOf = ({ body_hash, numbers, stream, now }: Row, again: boolean): ClaimedKey => ({
  bodyHash: body_hash,
  numbers: numbers.map(Number),
  stream,
  again,
  now: Number(now),
});

/** A whole log's dump has its stream under the system's name, and its key under the asker's. */
const DROP = statement<{ dropped: bigint }>(
  'idempotency-keys-drop',
  `WITH gone AS (
     DELETE FROM idempotency_keys WHERE (user_id, key) IN (
       SELECT user_id, key FROM idempotency_keys WHERE expires_at <= now_ms() - $1::bigint
        ORDER BY expires_at LIMIT $2)
     RETURNING user_id, stream),
   gone_of_user AS (
     DELETE FROM streams s USING (
       SELECT unnest(ARRAY[user_id, '$system']) AS user_id, stream FROM gone) AS g
      WHERE s.user_id = g.user_id AND s.stream = g.stream),
   gone_of_intake AS (
     DELETE FROM streams s USING gone g
      WHERE s.stream LIKE 'intake:%' AND g.stream LIKE 'intake:%' AND s.stream = g.stream
        AND s.user_id <> '$system')
   SELECT count(*) AS dropped FROM gone`,
);

/** Forgets keys whose time is over, the oldest first, with their streams; says how many. */
export async function dropExpiredKeys(pool: Pool): Promise<number> {
  const [row] = await DROP.run(pool, GRACE_MS, EXPIRED_AT_ONCE);
  return Number(row?.dropped ?? 0);
}
