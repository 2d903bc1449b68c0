/** Sessions start here: each with a new random id, which only the browser and its hash know. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserId } from '../../../shared/domain/identity.ts';
import { findSession, insertSession, deleteSession } from '../../../shared/pg/web-sessions.ts';
import { countFailures } from '../../../shared/pg/web-log.ts';
import type { Client, Pool } from '../../../shared/pg/pool.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import type { Session } from '../../../shared/web-api/session.ts';
import { askerOfSession, SESSION_COOKIE, type Asker } from './asker.ts';
import { tooMany } from './http-problem.ts';
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

export type NewSession = { readonly asker: Asker; readonly secret: string };

/** Starts a session and ends the one the browser had: an id that was planted is worth nothing. */
export async function startSession(
  client: Client,
  user: UserId,
  request: FastifyRequest,
): Promise<NewSession> {
  await endOwnSession(client, request);
  const secret = newSecret();
  const tokenHash = hashSecret(secret);
  await insertSession(client, {
    id: newId(),
    tokenHash,
    user,
    lifetimeMs: SESSION_LIFETIME_MS,
    address: request.ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX),
  });
  const session = await findSession(client, tokenHash, SESSION_IDLE_MS);
  if (session === undefined) throw new TypeError('a new session was not found');
  return { asker: askerOfSession(session), secret };
}

/** Only after the session is committed: a browser keeps its old cookie if it is not. */
export const giveCookie = (reply: FastifyReply, { secret }: NewSession): void =>
  void reply.setCookie(SESSION_COOKIE, secret, { ...COOKIE, maxAge: SESSION_LIFETIME_MS / 1_000 });

/** Ends the session of the request's cookie, whoever it belongs to; gives that user. */
export async function endOwnSession(
  client: Client | Pool,
  request: FastifyRequest,
): Promise<UserId | undefined> {
  const secret = request.cookies[SESSION_COOKIE];
  if (secret === undefined) return undefined;
  const session = await findSession(client, hashSecret(secret), SESSION_IDLE_MS);
  if (session === undefined) return undefined;
  await deleteSession(client, session);
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
