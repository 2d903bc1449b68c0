/** Identifies the asker of a request by a session cookie or a token. */
import type { FastifyRequest } from 'fastify';
import type { UserId } from '../../../../shared/domain/identity.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import {
  findSessions,
  touchSession,
  type StoredSession,
} from '../../../../shared/pg/web-sessions.ts';
import { findTokens, touchToken, type StoredToken } from '../../../../shared/pg/web-tokens.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import { together } from '../../../../shared/runtime/together.ts';
import type { UserRole } from '../../../../shared/web-api/session.ts';
import { SESSION_IDLE_MS, TOGETHER_MAX, TOUCH_EVERY_MS } from '../parts/limits.ts';

export type WebAsker = {
  readonly user: UserId;
  readonly role: UserRole;
  readonly by: 'cookie' | 'token';
  /** The id of the session or token. */
  readonly id: string;
  /** Whether it runs a workload: it may give numbers and dump the whole log, and has no rate limit. */
  readonly isWorkload: boolean;
  /** Whether it must change a password that was handed out before it does anything else. */
  readonly mustChange: boolean;
  readonly expiresAt: number | null;
  readonly idleExpiresAt: number | null;
  readonly now: number;
};

/** The credential of a request. A token takes precedence over a cookie, because it was sent on purpose. */
export type Credential =
  | { readonly by: 'cookie'; readonly secret: string }
  | { readonly by: 'token'; readonly secret: string; readonly user: string | undefined };

/** Returns the credential of a request; undefined if it has none. HTTP Basic carries a token as password. */
export function credentialOf(
  request: FastifyRequest,
  sessionCookie: string,
): Credential | undefined {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return { by: 'token', secret: value, user: undefined };
  if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(value, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return { by: 'token', secret: text.slice(colon + 1), user: text.slice(0, Math.max(colon, 0)) };
  }
  const cookie = request.cookies[sessionCookie];
  return cookie === undefined ? undefined : { by: 'cookie', secret: cookie };
}

/** Finds the asker of a credential; `hash` is the hash of its secret. */
export type LookUpAsker = (credential: Credential, hash: Buffer) => Promise<WebAsker | undefined>;

/**
 * Looks askers up in the database, those of requests that come at the same time together. Every request is looked
 * up after it came, so that the end of a session takes effect at once. Records at most once per
 * `TOUCH_EVERY_MS` that an asker was seen.
 */
export function openAskerLookup(pool: Pool, log: Logger): LookUpAsker {
  const sessionOf = together<Buffer, StoredSession | undefined>({
    load: (hashes) => findSessions(pool, hashes, SESSION_IDLE_MS),
    most: TOGETHER_MAX,
  });
  const tokenOf = together<Buffer, StoredToken | undefined>({
    load: (hashes) => findTokens(pool, hashes),
    most: TOGETHER_MAX,
  });
  const find = async (credential: Credential, hash: Buffer): Promise<Found> => {
    if (credential.by === 'cookie') {
      const session = await sessionOf(hash);
      const asker = session && askerOfSession(session);
      return { asker, seenAt: session?.lastSeenAt ?? 0, touch: (id) => touchSession(pool, id) };
    }
    const token = await tokenOf(hash);
    const asker = token && askerOfToken(token, credential.user);
    return { asker, seenAt: token?.lastUsedAt ?? 0, touch: (id) => touchToken(pool, id) };
  };
  return async (credential, hash) => {
    const { asker, seenAt, touch } = await find(credential, hash);
    if (asker !== undefined && asker.now - seenAt > TOUCH_EVERY_MS) {
      touch(asker.id).catch((error: unknown) => log.warn('use not noted', { error }));
    }
    return asker;
  };
}

type Found = {
  readonly asker: WebAsker | undefined;
  readonly seenAt: number;
  readonly touch: (id: string) => Promise<void>;
};

export const askerOfSession = (session: StoredSession): WebAsker => ({
  user: session.user,
  role: session.role,
  by: 'cookie',
  id: session.id,
  isWorkload: false,
  mustChange: session.mustChange,
  expiresAt: session.expiresAt,
  idleExpiresAt: Math.min(session.expiresAt, session.now + SESSION_IDLE_MS),
  now: session.now,
});

/** Returns the asker of a token. The user name of HTTP Basic, if given, must be that of its owner. */
const askerOfToken = (token: StoredToken, user: string | undefined): WebAsker | undefined =>
  user !== undefined && user !== token.user
    ? undefined
    : {
        user: token.user,
        role: token.role,
        by: 'token',
        id: token.id,
        isWorkload: token.kind === 'workload',
        mustChange: token.mustChange,
        expiresAt: token.expiresAt,
        idleExpiresAt: null,
        now: token.now,
      };
