/** Starts and ends sessions. Only the browser has the secret of a session; the database has its hash. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserId } from '../../../../shared/domain/identity.ts';
import { CENTS_PER_HIT } from '../../../../shared/domain/quote.ts';
import { findSession, insertSession, deleteSession } from '../../../../shared/pg/web-sessions.ts';
import type { Client, Pool } from '../../../../shared/pg/pool.ts';
import { newId } from '../../../../shared/runtime/new-id.ts';
import type { Session } from '../../../../shared/web-api/session.ts';
import { clientOf } from './client-address.ts';
import { askerOfSession, type WebAsker } from './asker.ts';
import { SESSION_IDLE_MS, SESSION_LIFETIME_MS } from '../parts/limits.ts';
import { hashSecret, isSecret, newSecret } from '../../../../shared/runtime/secrets.ts';
import type { WebParts } from '../parts/web-parts.ts';

const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;
const USER_AGENT_LENGTH_MAX = 200;

/** A request, and the name of the session cookie of this system. */
export type Browser = { readonly request: FastifyRequest; readonly sessionCookie: string };

type OpenedSession = { readonly asker: WebAsker; readonly secret: string };

/** Starts a session with a new secret, and ends the old session of the browser, against session fixation. */
export async function startSession(
  client: Client,
  user: UserId,
  { request, sessionCookie }: Browser,
): Promise<OpenedSession> {
  await endOwnSession(client, { request, sessionCookie });
  const secret = newSecret();
  const tokenHash = hashSecret(secret);
  await insertSession(client, {
    id: newId(),
    tokenHash,
    user,
    lifetimeMs: SESSION_LIFETIME_MS,
    address: clientOf(request).address,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX),
  });
  const session = await findSession(client, tokenHash, SESSION_IDLE_MS);
  if (session === undefined) throw new TypeError('a new session was not found');
  return { asker: askerOfSession(session), secret };
}

/** Sets the cookie. Call it only after the session is committed: otherwise the browser keeps the old one. */
export const setSessionCookie = (
  reply: FastifyReply,
  sessionCookie: string,
  { secret }: OpenedSession,
): void =>
  void reply.setCookie(sessionCookie, secret, { ...COOKIE, maxAge: SESSION_LIFETIME_MS / 1_000 });

/** Ends the session of the request's cookie, if there is one, and returns its user. */
export async function endOwnSession(
  client: Client | Pool,
  { request, sessionCookie }: Browser,
): Promise<UserId | undefined> {
  const secret = request.cookies[sessionCookie];
  if (secret === undefined || !isSecret(secret)) return undefined;
  const session = await findSession(client, hashSecret(secret), SESSION_IDLE_MS);
  if (session === undefined) return undefined;
  await deleteSession(client, session);
  return session.user;
}

/** Removes the cookie from the browser. */
export const clearSessionCookie = (reply: FastifyReply, sessionCookie: string): void =>
  void reply.clearCookie(sessionCookie, COOKIE);

export function sessionView(
  asker: WebAsker,
  parts: Pick<WebParts, 'orderLifetimeMs' | 'quoteLifetimeMs' | 'pageRefreshMs' | 'showsCosts'>,
): Session {
  return {
    user: asker.user,
    role: asker.role,
    by: asker.by,
    expiresAt: asker.expiresAt,
    idleExpiresAt: asker.idleExpiresAt,
    passwordChangeNeeded: asker.mustChange,
    now: asker.now,
    orderLifetimeMs: parts.orderLifetimeMs,
    quoteLifetimeMs: parts.quoteLifetimeMs,
    pageRefreshMs: parts.pageRefreshMs,
    centsPerHit: parts.showsCosts ? CENTS_PER_HIT : null,
  };
}
