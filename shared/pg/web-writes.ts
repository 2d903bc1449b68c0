/** Web writes under their idempotency keys: each has one number, however often it is sent. */
import type { UserId } from '../domain/identity.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type WebWrite = {
  readonly number: number;
  /** Of the body that came first under this key. */
  readonly bodyHash: string;
  /** Whether it came before. */
  readonly again: boolean;
  /** What time it is for the database; deadlines are counted from it. */
  readonly now: number;
};

/**
 * A conflict waits for whoever inserts the same key, then gives their row. The number drawn for
 * nothing leaves a gap, which numbers may have.
 */
const CLAIM = statement<{ number: bigint; body_hash: string; again: boolean; now: bigint }>(
  'web-writes-claim',
  `INSERT INTO web_writes (user_id, key, body_hash, number)
   VALUES ($1, $2, $3, coalesce($4::bigint, nextval('transaction_numbers')))
   ON CONFLICT (user_id, key) DO UPDATE SET key = EXCLUDED.key
   RETURNING number, body_hash, xmax <> 0 AS again, now_ms() AS now`,
);

/** The write of a key: what was stored for it first, which may be another body's. */
export async function claimWrite(
  pool: Pool,
  write: {
    readonly user: UserId;
    readonly key: string;
    readonly bodyHash: string;
    readonly number: number | undefined;
  },
): Promise<WebWrite> {
  const { user, key, bodyHash, number = null } = write;
  const [row] = await CLAIM.run(pool, user, key, bodyHash, number);
  if (row === undefined) throw new TypeError('a write was neither stored nor found');
  const { number: drawn, body_hash, again, now } = row;
  return { number: Number(drawn), bodyHash: body_hash, again, now: Number(now) };
}
