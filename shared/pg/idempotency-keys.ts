/**
 * Idempotency keys: the commands of one key take effect once. This table alone decides which commands a
 * key stands for and when it expires. A key of the intake or of a command by hand is claimed here before its
 * commands are sent, and the positions of its stream prevent a second effect. A key of the web is saved with
 * the decision on its command (`used-keys.ts`).
 */
import type { UserId } from '../domain/identity.ts';
import { InvariantError } from '../domain/invariant-error.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const HOUR_MS = 60 * 60 * 1_000;
/** The lifetime of a key of the web or of a command by hand, from its first use. Source: SPEC §6.3. */
export const KEY_LIFETIME_MS: number = 24 * HOUR_MS;
/** The lifetime of a key of the intake. A message may be parked for 30 days and then replayed. */
export const INTAKE_KEY_LIFETIME_MS: number = 31 * 24 * HOUR_MS;

/** The time between expiry and deletion of a key, so that a message sent just before finds its stream. */
const GRACE_MS = HOUR_MS;
/** The most keys that one statement deletes. */
export const EXPIRED_AT_ONCE = 10_000;

export type KeyUse = {
  readonly user: UserId;
  readonly key: string;
  readonly bodyHash: string;
  /** The transaction numbers that its commands have, and how many more to draw (`draw`). */
  readonly numbers: readonly number[];
  readonly draw: number;
  /** The start of the name of its stream; the time of the claim is appended. */
  readonly stream: string;
  readonly lifetimeMs: number;
};

/** The data stored at the first use of a key. `bodyHash` tells whether that was for the same body. */
export type ClaimedKey = {
  readonly bodyHash: string;
  readonly numbers: readonly number[];
  readonly stream: string;
  /** Whether the key was used before. */
  readonly again: boolean;
  /** The database's time, from which deadlines are counted. */
  readonly now: number;
};

type Row = {
  body_hash: string;
  numbers: readonly bigint[];
  stream: string;
  now: bigint;
};

/**
 * On a conflict, waits until the transaction that inserts the same key has ended, and replaces an expired
 * row. Numbers drawn in vain leave gaps, which are allowed.
 */
const CLAIM = statement<Row>(
  'idempotency-keys-claim',
  `INSERT INTO idempotency_keys AS k (user_id, key, body_hash, numbers, stream, expires_at)
   SELECT $1, $2, $3,
          $4::bigint[] || array(SELECT nextval('transaction_numbers') FROM generate_series(1, $5::int)),
          $6::text || '@' || now, now + $7::bigint
     FROM now_ms() AS now
   ON CONFLICT (user_id, key) DO UPDATE
      SET body_hash = EXCLUDED.body_hash, numbers = EXCLUDED.numbers, stream = EXCLUDED.stream,
          outcome = NULL, expires_at = EXCLUDED.expires_at
    WHERE k.expires_at <= now_ms()
   RETURNING body_hash, numbers, stream, now_ms() AS now`,
);

/** Keys from before migration 012 have fewer numbers than commands; for them, numbers are drawn anew. */
const FIND = statement<Row>(
  'idempotency-keys-find',
  `SELECT body_hash, stream, now_ms() AS now,
          CASE WHEN cardinality(numbers) >= cardinality($3::bigint[]) + $4::int THEN numbers
               ELSE array(SELECT nextval('transaction_numbers')
                            FROM generate_series(1, cardinality($3::bigint[]) + $4::int))
          END AS numbers
     FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND expires_at > now_ms()`,
);

/** Claims a key, or finds the data of its first use. */
export async function claimKey(pool: Pool, use: KeyUse): Promise<ClaimedKey> {
  const { user, key, bodyHash, numbers, draw, stream, lifetimeMs } = use;
  const claim = [user, key, bodyHash, numbers, draw, stream, lifetimeMs];
  // A key that expires between two statements is claimed by the next one.
  for (let round = 0; round < 3; round += 1) {
    const [claimed] = await CLAIM.run(pool, ...claim);
    if (claimed !== undefined) return claimedOf(claimed, false);
    const [found] = await FIND.run(pool, user, key, numbers, draw);
    if (found !== undefined) return claimedOf(found, true);
  }
  throw new InvariantError('a key is neither claimed nor found');
}

const claimedOf = ({ body_hash, numbers, stream, now }: Row, again: boolean): ClaimedKey => ({
  bodyHash: body_hash,
  numbers: numbers.map(Number),
  stream,
  again,
  now: Number(now),
});

/** A whole log's dump has its stream under `$system`, but its key under the name of its requester. */
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

/** Deletes expired keys with their streams, the oldest first. Returns how many. */
export async function dropExpiredKeys(pool: Pool): Promise<number> {
  const [row] = await DROP.run(pool, GRACE_MS, EXPIRED_AT_ONCE);
  return Number(row?.dropped ?? 0);
}
