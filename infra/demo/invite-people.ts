/** Gives the people of the demo accounts of the web client, and tokens for its API. */
import { hashPassword } from '../../producers/web/server/parts/passwords.ts';
import { hashSecret, newSecret, TOKEN_PREFIX } from '../../shared/runtime/secrets.ts';
import { parseUserId, type UserId } from '../../shared/domain/identity.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { insertToken } from '../../shared/pg/web-tokens.ts';
import { handOut } from '../../shared/pg/web-users.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import type { Person } from './people.ts';

/** The tokens end by themselves if the demo is killed. */
const TOKEN_LIFETIME_MS = 25 * 3_600_000;

/** Resolves to the people's tokens, by name. All have one password. */
export async function invitePeople(
  pool: Pool,
  people: readonly Person[],
  password: string,
): Promise<ReadonlyMap<string, string>> {
  const passwordHash = await hashPassword(password);
  const tokens = new Map<string, string>();
  for (const { name } of people) {
    const user = userOf(name);
    await handOut(pool, { user, passwordHash, role: 'trader', mustChange: false });
    const token = `${TOKEN_PREFIX}${newSecret()}`;
    const stored = { id: newId(), tokenHash: hashSecret(token), user, name: 'demo', most: 1 };
    await insertToken(pool, { ...stored, lifetimeMs: TOKEN_LIFETIME_MS });
    tokens.set(name, token);
  }
  return tokens;
}

function userOf(name: string): UserId {
  const user = parseUserId(name);
  if (user === undefined) throw new TypeError(`${name} is no user name`);
  return user;
}
