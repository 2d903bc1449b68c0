/** Web sessions. Each is found by the hash of a random cookie, which contains no data. */
import type { UserId } from '../domain/identity.ts';
import type { UserRole } from '../web-api/session.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

type NewSession = {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly user: UserId;
  readonly lifetimeMs: number;
  readonly address: string;
  readonly userAgent: string;
};

export type StoredSession = {
  readonly id: string;
  readonly user: UserId;
  readonly role: UserRole;
  readonly mustChange: boolean;
  readonly expiresAt: number;
  readonly lastSeenAt: number;
  readonly now: number;
};

const INSERT = statement(
  'web-sessions-insert',
  `WITH seen AS (UPDATE web_users SET last_seen_at = now_ms() WHERE user_id = $3)
   INSERT INTO web_sessions (id, token_hash, user_id, expires_at, address, user_agent)
   VALUES ($1, decode($2, 'hex'), $3, now_ms() + $4::bigint, $5, $6)`,
);

export async function insertSession(client: Client | Pool, session: NewSession): Promise<void> {
  const { id, tokenHash, user, lifetimeMs, address, userAgent } = session;
  await INSERT.run(client, id, tokenHash.toString('hex'), user, lifetimeMs, address, userAgent);
}

type SessionRow = {
  token_hash: string;
  id: string;
  user_id: UserId;
  role: UserRole;
  must_change: boolean;
  expires_at: bigint;
  last_seen_at: bigint;
  now: bigint;
};
/** By the unique index of the hash. */
const FIND = statement<SessionRow>(
  'web-sessions-find-all',
  `SELECT encode(s.token_hash, 'hex') AS token_hash, s.id, s.user_id, u.role, u.must_change, s.expires_at,
          s.last_seen_at, now_ms() AS now
     FROM web_sessions s JOIN web_users u USING (user_id)
    WHERE s.token_hash = ANY (SELECT decode(unnest($1::text[]), 'hex')) AND u.disabled_at IS NULL
      AND s.expires_at > now_ms() AND s.last_seen_at + $2::bigint > now_ms()`,
);

/**
 * Finds the sessions of some cookies, in their order. The answer for a session is undefined if it has expired, if it
 * was not used for `idleMs`, or if its user is disabled.
 */
export async function findSessions(
  client: Client | Pool,
  tokenHashes: readonly Buffer[],
  idleMs: number,
): Promise<readonly (StoredSession | undefined)[]> {
  const hashes = tokenHashes.map((hash) => hash.toString('hex'));
  const rows = await FIND.run(client, hashes, idleMs);
  const byHash = new Map(rows.map((row) => [row.token_hash, sessionOf(row)]));
  return hashes.map((hash) => byHash.get(hash));
}

/** Finds the session of one cookie. */
export async function findSession(
  client: Client | Pool,
  tokenHash: Buffer,
  idleMs: number,
): Promise<StoredSession | undefined> {
  return (await findSessions(client, [tokenHash], idleMs))[0];
}

const sessionOf = (row: SessionRow): StoredSession => ({
  id: row.id,
  user: row.user_id,
  role: row.role,
  mustChange: row.must_change,
  expiresAt: Number(row.expires_at),
  lastSeenAt: Number(row.last_seen_at),
  now: Number(row.now),
});

/** This lock makes a DELETE of the session wait, but not the UPDATE of `touchSession`. */
const HOLD = statement<{ id: string }>(
  'web-sessions-hold',
  `SELECT id FROM web_sessions WHERE id = $1 FOR KEY SHARE`,
);

/** Prevents the end of a session until the transaction ends; false if it has already ended. */
export const holdSession = async (client: Client, id: string): Promise<boolean> =>
  (await HOLD.run(client, id)).length > 0;

/** Locks the user first, as those do who end sessions, so that they cannot deadlock. */
const TOUCH = statement(
  'web-sessions-touch',
  `WITH seen AS (UPDATE web_users SET last_seen_at = now_ms()
      WHERE user_id = (SELECT user_id FROM web_sessions WHERE id = $1) RETURNING user_id)
   UPDATE web_sessions s SET last_seen_at = now_ms() FROM seen
    WHERE s.id = $1 AND s.user_id = seen.user_id`,
);
/** Notes that a session, and so its user, was seen now. */
export async function touchSession(pool: Pool, id: string): Promise<void> {
  await TOUCH.run(pool, id);
}

const LIST = statement<{
  id: string;
  created_at: bigint;
  last_seen_at: bigint;
  expires_at: bigint;
  address: string;
  user_agent: string;
}>(
  'web-sessions-list',
  `SELECT id, created_at, last_seen_at, expires_at, address, user_agent FROM web_sessions
    WHERE user_id = $1 AND expires_at > now_ms() AND last_seen_at + $2::bigint > now_ms()
    ORDER BY last_seen_at DESC LIMIT 100`,
);

type ListedSession = {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent: string;
};

/** Lists up to 100 valid sessions of a user, the one used last first. */
export async function listSessions(
  pool: Pool,
  user: UserId,
  idleMs: number,
): Promise<readonly ListedSession[]> {
  return (await LIST.run(pool, user, idleMs)).map((row) => ({
    id: row.id,
    createdAt: Number(row.created_at),
    lastSeenAt: Number(row.last_seen_at),
    expiresAt: Number(row.expires_at),
    address: row.address,
    userAgent: row.user_agent,
  }));
}

const DELETE = statement<{ id: string }>(
  'web-sessions-delete',
  `DELETE FROM web_sessions WHERE id = $1 AND user_id = $2 RETURNING id`,
);
/** Ends a session of the user; false if the user has no such session. */
export const deleteSession = async (
  client: Client | Pool,
  { id, user }: { readonly id: string; readonly user: UserId },
): Promise<boolean> => (await DELETE.run(client, id, user)).length > 0;

const DELETE_OTHERS = statement(
  'web-sessions-delete-others',
  `DELETE FROM web_sessions WHERE user_id = $2 AND id <> $1`,
);
/** Ends all sessions of the user but one. */
export async function deleteOtherSessions(
  client: Client | Pool,
  { id, user }: { readonly id: string; readonly user: UserId },
): Promise<void> {
  await DELETE_OTHERS.run(client, id, user);
}

const DELETE_ALL = statement(
  'web-sessions-delete-all',
  `DELETE FROM web_sessions WHERE user_id = $1`,
);
/** Ends all sessions of a user. */
export async function deleteSessions(client: Client | Pool, user: UserId): Promise<void> {
  await DELETE_ALL.run(client, user);
}

const LIVE = statement<{ id: string }>(
  'web-identities-live',
  `SELECT id FROM web_sessions WHERE id = ANY($1::uuid[])
      AND expires_at > now_ms() AND last_seen_at + $2::bigint > now_ms()
   UNION ALL
   SELECT id FROM web_tokens WHERE id = ANY($1::uuid[])
      AND (expires_at IS NULL OR expires_at > now_ms())`,
);

/** Returns the ids of those sessions and tokens that are still valid. */
export async function liveIdentities(
  pool: Pool,
  ids: readonly string[],
  idleMs: number,
): Promise<ReadonlySet<string>> {
  return new Set((await LIVE.run(pool, ids, idleMs)).map(({ id }) => id));
}
