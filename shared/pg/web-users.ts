/** Who can sign in. */
import type { UserId } from '../domain/identity.ts';
import type { Role } from '../web-api/session.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

export type WebUser = {
  readonly user: UserId;
  readonly passwordHash: string;
  readonly role: Role;
  /** Somebody else knows the password: nothing else may be done before it is changed. */
  readonly mustChange: boolean;
};

type UserRow = { user_id: UserId; password_hash: string; role: Role; must_change: boolean };
const LOAD = statement<UserRow>(
  'web-users-load',
  `SELECT user_id, password_hash, role, must_change FROM web_users WHERE user_id = $1`,
);

export async function loadWebUser(pool: Pool, user: UserId): Promise<WebUser | undefined> {
  const [row] = await LOAD.run(pool, user);
  if (row === undefined) return undefined;
  const { user_id, password_hash, role, must_change } = row;
  return { user: user_id, passwordHash: password_hash, role, mustChange: must_change };
}

const SIGN_UP = statement<{ user_id: string }>(
  'web-users-sign-up',
  `INSERT INTO web_users (user_id, password_hash, role, must_change)
   SELECT $1, $2, 'trader', false WHERE NOT EXISTS (SELECT FROM users WHERE user_id = $1)
   ON CONFLICT DO NOTHING RETURNING user_id`,
);

/** False where the name is taken: by somebody, or by commands that came for it already. */
export const signUp = async (pool: Pool, user: UserId, passwordHash: string): Promise<boolean> =>
  (await SIGN_UP.run(pool, user, passwordHash)).length > 0;

const HAND_OUT = statement<{ user_id: string }>(
  'web-users-hand-out',
  `INSERT INTO web_users (user_id, password_hash, role, must_change) VALUES ($1, $2, $3, $4)
   ON CONFLICT DO NOTHING RETURNING user_id`,
);

/** Gives a name to somebody; false where somebody has it. */
export const handOut = async (
  client: Client | Pool,
  { user, passwordHash, role, mustChange }: WebUser,
): Promise<boolean> =>
  (await HAND_OUT.run(client, user, passwordHash, role, mustChange)).length > 0;

const SET_PASSWORD = statement<{ role: Role }>(
  'web-users-set-password',
  `UPDATE web_users SET password_hash = $2, must_change = $3 WHERE user_id = $1 RETURNING role`,
);

/** Undefined where nobody has the name. */
export const setPassword = async (
  client: Client | Pool,
  { user, passwordHash, mustChange }: Omit<WebUser, 'role'>,
): Promise<Role | undefined> =>
  (await SET_PASSWORD.run(client, user, passwordHash, mustChange))[0]?.role;

const REHASH = statement(
  'web-users-rehash',
  `UPDATE web_users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2`,
);

/** The same password under new parameters; does nothing where it was changed meanwhile. */
export async function replaceHash(
  pool: Pool,
  user: UserId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await REHASH.run(pool, user, from, to);
}

const ANY_ADMINISTRATOR = statement<{ found: boolean }>(
  'web-users-any-administrator',
  `SELECT EXISTS (SELECT FROM web_users WHERE role = 'administrator') AS found`,
);

export const hasAdministrator = async (pool: Pool): Promise<boolean> =>
  (await ANY_ADMINISTRATOR.run(pool))[0]?.found ?? false;
