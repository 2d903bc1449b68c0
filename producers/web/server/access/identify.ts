/**
 * Identifies users by their passwords. Checking a password takes tens of milliseconds and holds no lock, so
 * its result must be confirmed under the lock of the user's row before it is used.
 */
import type { FastifyRequest } from 'fastify';
import { parseUserId, type UserId } from '../../../../shared/domain/identity.ts';
import type { Client } from '../../../../shared/pg/pool.ts';
import { countFailures } from '../../../../shared/pg/web-log.ts';
import { holdSession } from '../../../../shared/pg/web-sessions.ts';
import {
  loadWebUser,
  lockWebUsers,
  replaceHash,
  type LockOptions,
  type WebUser,
} from '../../../../shared/pg/web-users.ts';
import type { Credentials } from '../../../../shared/web-api/session.ts';
import type { WebAsker } from './asker.ts';
import { clientOf } from './client-address.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { FAILURES_WINDOW_MS } from '../parts/limits.ts';
import { logAct } from './security-log.ts';
import type { WebParts } from '../parts/web-parts.ts';

/** A user whose password was right, and the version of the password that was checked. */
type Identified = Pick<WebUser, 'user' | 'passwordVersion'>;

/** Parses a user name; throws `request-invalid`. */
export function userOf(name: string): UserId {
  const user = parseUserId(name);
  if (user === undefined) throw new HttpProblem('request-invalid', 'the user name is not valid');
  return user;
}

/**
 * Checks a name and a password, in the same time for a name that does not exist. Throws
 * `credentials-wrong`, `user-disabled`, or `too-many-requests` after too many failures. Rehashes a password
 * whose hash has outdated parameters.
 */
export async function identify(
  parts: WebParts,
  credentials: Credentials,
  request: FastifyRequest,
): Promise<Identified> {
  const { pool, passwords, signInPace } = parts;
  const user = userOf(credentials.user);
  const { network } = clientOf(request);
  const failures = await countFailures(pool, { user, network }, FAILURES_WINDOW_MS);
  const known = await signInPace.run({ user, network, failures }, async () => {
    const stored = await loadWebUser(pool, user);
    if (await passwords.verify(credentials.password, stored?.passwordHash)) return stored;
    await logAct(pool, request, { event: 'sign-in-failed', user });
    return undefined;
  });
  if (known === undefined) throw new HttpProblem('credentials-wrong');
  if (known.isDisabled) {
    await logAct(pool, request, { event: 'sign-in-refused', user });
    throw new HttpProblem('user-disabled');
  }
  if (passwords.isOutdated(known.passwordHash)) {
    const to = await passwords.hash(credentials.password);
    await replaceHash(pool, user, { from: known.passwordHash, to });
  }
  return known;
}

/** Locks the user's row; throws if the password has changed since its check, or the user is disabled. */
export async function confirmIdentity(
  client: Client,
  { user, passwordVersion }: Identified,
): Promise<void> {
  const locked = (await lockWebUsers(client, [user])).get(user);
  if (locked?.passwordVersion !== passwordVersion) throw new HttpProblem('credentials-wrong');
  if (locked.isDisabled) throw new HttpProblem('user-disabled');
}

/**
 * Locks the rows of the asker and of others. Throws `signed-out` if the asker's session has ended since the
 * request came: otherwise a write could grant access that outlives the session.
 */
export async function confirmAsker(
  client: Client,
  asker: WebAsker,
  others: readonly UserId[] = [],
  options: LockOptions = {},
): Promise<ReadonlyMap<UserId, WebUser>> {
  const users = await lockWebUsers(client, [asker.user, ...others], options);
  if (!(await holdSession(client, asker.id))) throw new HttpProblem('signed-out');
  return users;
}
