/** Reads the tests' database. */
import type { Pool } from '../../shared/pg/pool.ts';
import { until } from './until.ts';

export type StoredEvent = {
  readonly user: string;
  readonly kind: string;
  readonly number: number;
  readonly command: string | null;
  readonly message: string | null;
};

/** Resolves to the audit log in its order, once every committed message is in it. */
export async function storedAudit(pool: Pool): Promise<readonly StoredEvent[]> {
  await until(async () => (await countOf(pool, 'outbox')) === 0, { what: 'the outbox is empty' });
  const { rows } = await pool.query<StoredEvent>(
    `SELECT user_id AS user, kind, number::int, command, message FROM audit_events
      ORDER BY outbox_id, index`,
  );
  return rows;
}

async function countOf(pool: Pool, table: 'outbox'): Promise<number> {
  const text = { outbox: 'SELECT count(*)::int AS count FROM outbox' }[table];
  return (await pool.query<{ count: number }>(text)).rows[0]?.count ?? 0;
}

/** Resolves to a user's balance in cents, or -1 without an account. */
export async function storedBalance(pool: Pool, user: string): Promise<bigint> {
  const text = `SELECT balance FROM accounts WHERE user_id = $1`;
  return (await pool.query<{ balance: bigint }>(text, [user])).rows[0]?.balance ?? -1n;
}

/** Resolves to the number of shares that a user holds. */
export async function storedShares(pool: Pool, user: string, symbol: string): Promise<bigint> {
  const text = `SELECT shares FROM holdings WHERE user_id = $1 AND symbol = $2`;
  return (await pool.query<{ shares: bigint }>(text, [user, symbol])).rows[0]?.shares ?? 0n;
}

export type StoredTrigger = {
  readonly side: 'buy' | 'sell';
  readonly amount: bigint;
  readonly armingId: string | null;
};

export async function storedTriggers(pool: Pool, user: string): Promise<readonly StoredTrigger[]> {
  const { rows } = await pool.query<StoredTrigger>(
    `SELECT side, amount, arming_id AS "armingId" FROM triggers WHERE user_id = $1 ORDER BY side`,
    [user],
  );
  return rows;
}

/** Resolves to the number of ledger entries of a user for an event. */
export async function ledgerCount(pool: Pool, user: string, event: string): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM ledger WHERE user_id = $1 AND event = $2`;
  return (await pool.query<{ count: number }>(text, [user, event])).rows[0]?.count ?? 0;
}
