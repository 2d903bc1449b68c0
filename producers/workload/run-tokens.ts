/** The workload tokens with which the users of a run sign in on the web. */
import type { UserId } from '../../shared/domain/identity.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { deleteWorkloadTokens, insertWorkloadTokens } from '../../shared/pg/web-tokens.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { hashSecret, newSecret } from '../../shared/runtime/secrets.ts';
import { together } from '../../shared/runtime/together.ts';

/** The lifetime of the tokens, in case the run is killed before it deletes them. */
const LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** The most tokens in one statement. */
const TOGETHER_MAX = 1_000;

export interface RunTokens {
  /** Makes a token for a user. Those of users who start at the same time are made by one statement. */
  readonly make: (user: UserId) => Promise<string>;
  /** Deletes the tokens. */
  readonly end: () => Promise<void>;
}

export function openRunTokens(pool: Pool, name: string): RunTokens {
  const make = together({
    load: async (users: readonly UserId[]) => {
      const made = users.map((user) => ({ id: newId(), token: newSecret(), user }));
      const stored = made.map(({ id, token, user }) => ({
        id,
        tokenHash: hashSecret(token),
        user,
      }));
      await insertWorkloadTokens(pool, stored, { name, lifetimeMs: LIFETIME_MS });
      return made.map(({ token }) => token);
    },
    most: TOGETHER_MAX,
  });
  return { make, end: () => deleteWorkloadTokens(pool, name) };
}
