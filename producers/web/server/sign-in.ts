/** Sessions begin here: each with a new random id, which only the browser and its hash know. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserId } from '../../../shared/domain/identity.ts';
import { findSession, insertSession, deleteSession } from '../../../shared/pg/web-sessions.ts';
import { countFailures } from '../../../shared/pg/web-log.ts';
import type { Pool } from '../../../shared/pg/pool.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import type { Session } from '../../../shared/web-api/session.ts';
import { askerOfSession, SESSION_COOKIE, type Asker } from './asker.ts';
import { HttpProblem, tooMany } from './http-problem.ts';
import {
  FAILURES_HERE_MAX,
  FAILURES_OF_ADDRESS_MAX,
  FAILURES_OF_USER_MAX,
  FAILURES_WINDOW_MS,
  SESSION_IDLE_MS,
  SESSION_LIFETIME_MS,
} from './limits.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { WebParts } from './web-parts.ts';

const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;
const USER_AGENT_LENGTH_MAX = 200;

/** Begins a session and ends the one the browser had: an id that was planted is worth nothing. */
export async function beginSession(
  pool: Pool,
  user: UserId,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<Asker> {
  await endOwnSession(pool, request);
  const secret = newSecret();
  const tokenHash = hashSecret(secret);
  await insertSession(pool, {
    id: newId(),
    tokenHash,
    user,
    lifetimeMs: SESSION_LIFETIME_MS,
    address: request.ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX),
  });
  reply.setCookie(SESSION_COOKIE, secret, { ...COOKIE, maxAge: SESSION_LIFETIME_MS / 1_000 });
  const session = await findSession(pool, tokenHash, SESSION_IDLE_MS);
  // Nothing but the end of the user can come between.
  if (session === undefined) throw new HttpProblem('signed-out');
  return askerOfSession(session);
}

/** Ends the session of the request's cookie, whoever it belongs to; gives that user. */
export async function endOwnSession(
  pool: Pool,
  request: FastifyRequest,
): Promise<UserId | undefined> {
  const secret = request.cookies[SESSION_COOKIE];
  if (secret === undefined) return undefined;
  const session = await findSession(pool, hashSecret(secret), SESSION_IDLE_MS);
  if (session === undefined) return undefined;
  await deleteSession(pool, session);
  return session.user;
}

export const forgetCookie = (reply: FastifyReply): void =>
  void reply.clearCookie(SESSION_COOKIE, COOKIE);

/** Throws where signing in failed too often lately. */
export async function refuseGuessing(
  pool: Pool,
  who: { readonly user: string; readonly address: string },
): Promise<void> {
  const { here, ofUser, ofAddress } = await countFailures(pool, who, FAILURES_WINDOW_MS);
  const isTooOften =
    here >= FAILURES_HERE_MAX ||
    ofUser >= FAILURES_OF_USER_MAX ||
    ofAddress >= FAILURES_OF_ADDRESS_MAX;
  if (isTooOften) throw tooMany(Math.ceil(FAILURES_WINDOW_MS / 1_000));
}

export function sessionView(
  asker: Asker,
  { orderLifetimeMs, quoteLifetimeMs }: Pick<WebParts, 'orderLifetimeMs' | 'quoteLifetimeMs'>,
): Session {
  return {
    user: asker.user,
    role: asker.role,
    by: asker.by,
    expiresAt: asker.expiresAt,
    idleExpiresAt: asker.idleExpiresAt,
    passwordChangeNeeded: asker.mustChange,
    now: asker.now,
    orderLifetimeMs,
    quoteLifetimeMs,
  };
}
