/** API tokens. Each is found by its hash. */
import type { UserId } from '../domain/identity.ts';
import type { UserRole } from '../web-api/session.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

/** `workload`: made by the command line for a run, whose commands keep the numbers of the file. */
type TokenKind = 'personal' | 'workload';

export type StoredToken = {
  readonly id: string;
  readonly user: UserId;
  readonly kind: TokenKind;
  readonly role: UserRole;
  readonly mustChange: boolean;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly now: number;
};

const orNumber = (value: bigint | null): number | null => (value === null ? null : Number(value));

type TokenRow = {
  token_hash: string;
  id: string;
  user_id: UserId;
  kind: TokenKind;
  role: UserRole | null;
  must_change: boolean | null;
  expires_at: bigint | null;
  last_used_at: bigint | null;
  now: bigint;
};
const FIND = statement<TokenRow>(
  'web-tokens-find-all',
  `SELECT encode(t.token_hash, 'hex') AS token_hash, t.id, t.user_id, t.kind, u.role, u.must_change, t.expires_at, t.last_used_at,
          now_ms() AS now
     FROM web_tokens t LEFT JOIN web_users u USING (user_id)
    WHERE t.token_hash = ANY (SELECT decode(unnest($1::text[]), 'hex')) AND u.disabled_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > now_ms())
      AND (t.kind = 'workload' OR u.user_id IS NOT NULL)`,
);

/**
 * Finds tokens by their hashes, in their order. The answer for a token is undefined if it is not valid, if it has
 * expired, or if its user is disabled.
 */
export async function findTokens(
  pool: Pool,
  tokenHashes: readonly Buffer[],
): Promise<readonly (StoredToken | undefined)[]> {
  const hashes = tokenHashes.map((hash) => hash.toString('hex'));
  const rows = await FIND.run(pool, hashes);
  const byHash = new Map(rows.map((row) => [row.token_hash, tokenOf(row)]));
  return hashes.map((hash) => byHash.get(hash));
}

function tokenOf(row: TokenRow): StoredToken {
  const isPersonal = row.kind === 'personal';
  return {
    id: row.id,
    user: row.user_id,
    kind: row.kind,
    // A workload token trades for a name that may belong to a person, but has none of that person's rights.
    role: (isPersonal ? row.role : null) ?? 'trader',
    mustChange: isPersonal && (row.must_change ?? false),
    expiresAt: orNumber(row.expires_at),
    lastUsedAt: orNumber(row.last_used_at),
    now: Number(row.now),
  };
}

/** Locks the user first, as those do who end tokens. A workload’s token does not mean that its user was there. */
const TOUCH = statement(
  'web-tokens-touch',
  `WITH seen AS (UPDATE web_users SET last_seen_at = now_ms() WHERE user_id =
      (SELECT user_id FROM web_tokens WHERE id = $1 AND kind = 'personal') RETURNING user_id)
   UPDATE web_tokens SET last_used_at = now_ms()
    WHERE id = $1 AND (SELECT count(*) FROM seen) >= 0`,
);
/** Notes that a token was used now, and by a personal one that its user was seen. */
export async function touchToken(pool: Pool, id: string): Promise<void> {
  await TOUCH.run(pool, id);
}

type ListedToken = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly expiresAt: number | null;
};

type ListRow = {
  id: string;
  name: string;
  created_at: bigint;
  last_used_at: bigint | null;
  expires_at: bigint | null;
};

const listed = (row: ListRow): ListedToken => ({
  id: row.id,
  name: row.name,
  createdAt: Number(row.created_at),
  lastUsedAt: orNumber(row.last_used_at),
  expiresAt: orNumber(row.expires_at),
});

const INSERT = statement<ListRow>(
  'web-tokens-insert',
  `INSERT INTO web_tokens (id, token_hash, user_id, name, kind, expires_at)
   SELECT $1, decode($2, 'hex'), $3, $4, 'personal', now_ms() + $5::bigint
    WHERE (SELECT count(*) FROM web_tokens WHERE user_id = $3 AND kind = 'personal') < $6
   RETURNING id, name, created_at, last_used_at, expires_at`,
);

type NewToken = {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly user: UserId;
  readonly name: string;
  readonly lifetimeMs: number | undefined;
  /** The most personal tokens of a user. */
  readonly most: number;
};

/** Inserts a personal token; undefined if the user has `most` already. */
export async function insertToken(
  client: Client | Pool,
  token: NewToken,
): Promise<ListedToken | undefined> {
  const { id, tokenHash, user, name, lifetimeMs = null, most } = token;
  const [row] = await INSERT.run(
    client,
    ...[id, tokenHash.toString('hex'), user, name, lifetimeMs, most],
  );
  return row && listed(row);
}

const INSERT_WORKLOAD = statement(
  'web-tokens-insert-workload',
  `INSERT INTO web_tokens (id, token_hash, user_id, name, kind, expires_at)
   SELECT id, decode(hash, 'hex'), user_id, $4, 'workload', now_ms() + $5::bigint
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (id, hash, user_id)`,
);

/** Inserts a token for each user of a run. `name` is the run's name. */
export async function insertWorkloadTokens(
  pool: Pool,
  tokens: readonly { readonly id: string; readonly tokenHash: Buffer; readonly user: UserId }[],
  { name, lifetimeMs }: { readonly name: string; readonly lifetimeMs: number },
): Promise<void> {
  await INSERT_WORKLOAD.run(
    pool,
    tokens.map(({ id }) => id),
    tokens.map(({ tokenHash }) => tokenHash.toString('hex')),
    tokens.map(({ user }) => user),
    name,
    lifetimeMs,
  );
}

const DELETE_WORKLOAD = statement(
  'web-tokens-delete-workload',
  `DELETE FROM web_tokens WHERE kind = 'workload' AND name = $1`,
);
export async function deleteWorkloadTokens(pool: Pool, name: string): Promise<void> {
  await DELETE_WORKLOAD.run(pool, name);
}

const LIST = statement<ListRow>(
  'web-tokens-list',
  `SELECT id, name, created_at, last_used_at, expires_at FROM web_tokens
    WHERE user_id = $1 AND kind = 'personal' AND (expires_at IS NULL OR expires_at > now_ms())
    ORDER BY created_at DESC`,
);
export const listTokens = async (pool: Pool, user: UserId): Promise<readonly ListedToken[]> =>
  (await LIST.run(pool, user)).map(listed);

const DELETE = statement<{ id: string }>(
  'web-tokens-delete',
  `DELETE FROM web_tokens WHERE id = $1 AND user_id = $2 AND kind = 'personal' RETURNING id`,
);
/** Deletes a personal token of the user; false if the user has no such token. */
export const deleteToken = async (
  pool: Pool,
  { id, user }: { readonly id: string; readonly user: UserId },
): Promise<boolean> => (await DELETE.run(pool, id, user)).length > 0;

const DELETE_ALL = statement('web-tokens-delete-all', `DELETE FROM web_tokens WHERE user_id = $1`);
/** Deletes all tokens of a user, including those of running workloads. */
export async function deleteTokens(client: Client | Pool, user: UserId): Promise<void> {
  await DELETE_ALL.run(client, user);
}
