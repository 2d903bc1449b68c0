/** The users who can sign in to the web. */
import type { UserId } from '../domain/identity.ts';
import type { UserRole } from '../web-api/session.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

type NewWebUser = {
  readonly user: UserId;
  readonly passwordHash: string;
  readonly role: UserRole;
  /** Whether the user must change the password first, because somebody else knows it. */
  readonly mustChange: boolean;
};

export type WebUser = NewWebUser & {
  /** Increases with each new password, but not when the same password is hashed anew. */
  readonly passwordVersion: bigint;
  /** Whether an administrator has disabled the user. */
  readonly isDisabled: boolean;
};

type UserRow = {
  user_id: UserId;
  password_hash: string;
  role: UserRole;
  must_change: boolean;
  password_version: bigint;
  is_disabled: boolean;
};
const COLUMNS = `user_id, password_hash, role, must_change, password_version,
       disabled_at IS NOT NULL AS is_disabled`;

const webUser = (row: UserRow): WebUser => ({
  user: row.user_id,
  passwordHash: row.password_hash,
  role: row.role,
  mustChange: row.must_change,
  passwordVersion: row.password_version,
  isDisabled: row.is_disabled,
});

const LOAD = statement<UserRow>(
  'web-users-load',
  `SELECT ${COLUMNS} FROM web_users WHERE user_id = $1`,
);

export async function loadWebUser(pool: Pool, user: UserId): Promise<WebUser | undefined> {
  const [row] = await LOAD.run(pool, user);
  return row && webUser(row);
}

/** Locks in the order of names, so that two transactions cannot deadlock. */
const LOCK = statement<UserRow>(
  'web-users-lock',
  `SELECT ${COLUMNS} FROM web_users WHERE user_id = ANY($1::text[])
    ORDER BY user_id FOR NO KEY UPDATE`,
);
const LOCK_WITH_ADMINISTRATORS = statement<UserRow>(
  'web-users-lock-with-administrators',
  `SELECT ${COLUMNS} FROM web_users
    WHERE user_id = ANY($1::text[]) OR (role = 'administrator' AND disabled_at IS NULL)
    ORDER BY user_id FOR NO KEY UPDATE`,
);

/** `withAdministrators`: also locks all enabled administrators, so that two cannot demote each other. */
export type LockOptions = { readonly withAdministrators?: boolean };

/**
 * Locks the rows of users until the transaction ends. Every transaction that gives or ends access to an
 * account (passwords, sessions, tokens) must hold this lock. So a change of password either ends the
 * sessions that the old password opened at the same time, or makes their opening fail.
 */
export async function lockWebUsers(
  client: Client,
  users: readonly UserId[],
  { withAdministrators = false }: LockOptions = {},
): Promise<ReadonlyMap<UserId, WebUser>> {
  const rows = await (withAdministrators ? LOCK_WITH_ADMINISTRATORS : LOCK).run(client, users);
  return new Map(rows.map((row) => [row.user_id, webUser(row)]));
}

const SIGN_UP = statement<{ user_id: string }>(
  'web-users-sign-up',
  `INSERT INTO web_users (user_id, password_hash, role, must_change)
   SELECT $1, $2, 'trader', false WHERE NOT EXISTS (SELECT FROM users WHERE user_id = $1)
   ON CONFLICT DO NOTHING RETURNING user_id`,
);

/** Creates a trader; false if the name is taken by another user or has commands already. */
export const signUp = async (
  client: Client | Pool,
  user: UserId,
  passwordHash: string,
): Promise<boolean> => (await SIGN_UP.run(client, user, passwordHash)).length > 0;

const HAND_OUT = statement<{ user_id: string }>(
  'web-users-hand-out',
  `INSERT INTO web_users (user_id, password_hash, role, must_change) VALUES ($1, $2, $3, $4)
   ON CONFLICT DO NOTHING RETURNING user_id`,
);

/** Hands a name out, which may have commands already; false if a user has it. */
export const handOut = async (
  client: Client | Pool,
  { user, passwordHash, role, mustChange }: NewWebUser,
): Promise<boolean> =>
  (await HAND_OUT.run(client, user, passwordHash, role, mustChange)).length > 0;

const SET_PASSWORD = statement<{ role: UserRole }>(
  'web-users-set-password',
  `UPDATE web_users
      SET password_hash = $2, must_change = $3, password_version = password_version + 1
    WHERE user_id = $1 RETURNING role`,
);

/** Sets a new password. Returns the user's role; undefined if there is no such user. */
export const setPassword = async (
  client: Client | Pool,
  { user, passwordHash, mustChange }: Omit<NewWebUser, 'role'>,
): Promise<UserRole | undefined> =>
  (await SET_PASSWORD.run(client, user, passwordHash, mustChange))[0]?.role;

const CHANGE = statement(
  'web-users-change',
  `UPDATE web_users
      SET role = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now_ms()) END
    WHERE user_id = $1`,
);

/** Sets the role of a user, and whether the user is disabled. */
export async function changeUser(
  client: Client,
  { user, role, isDisabled }: Pick<WebUser, 'user' | 'role' | 'isDisabled'>,
): Promise<void> {
  await CHANGE.run(client, user, role, isDisabled);
}

const REHASH = statement(
  'web-users-rehash',
  `UPDATE web_users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2`,
);

/** Replaces the hash of the same password. Does nothing if the password was changed meanwhile. */
export async function replaceHash(
  pool: Pool,
  user: UserId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await REHASH.run(pool, user, from, to);
}

const ANY_ADMINISTRATOR = statement<{ found: boolean }>(
  'web-users-any-administrator',
  `SELECT EXISTS (
     SELECT FROM web_users WHERE role = 'administrator' AND disabled_at IS NULL) AS found`,
);

export const hasAdministrator = async (pool: Pool): Promise<boolean> =>
  (await ANY_ADMINISTRATOR.run(pool))[0]?.found ?? false;
