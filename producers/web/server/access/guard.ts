/**
 * Checks access and rate limits of every request before its handler. A route without a configuration is for
 * signed-in users.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { openAskerMemory } from './asker-memory.ts';
import { credentialOf, type WebAsker, type Credential, type LookUpAsker } from './asker.ts';
import { clientOf } from './client-address.ts';
import { isCrossSite } from './cross-site.ts';
import { HttpProblem, tooMany } from '../parts/http-problem.ts';
import {
  COMMANDS_PER_MINUTE,
  KNOWN_CREDENTIALS_MAX,
  REQUESTS_PER_MINUTE,
  SIGN_UPS_PER_MINUTE,
  STRANGER_REQUESTS_PER_MINUTE,
  TOKEN_REQUESTS_PER_MINUTE,
} from '../parts/limits.ts';
import { openRateLimit, type RateLimit } from './rate-limit.ts';
import { hashSecret, isSecret } from '../../../../shared/runtime/secrets.ts';

type RouteAccess = 'anyone' | 'signed-in' | 'administrator';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: RouteAccess;
    /** Allowed before the user has changed a password that was handed out. */
    readonly beforePasswordChange?: boolean;
    /** Refused by a token, whose effects here would outlive it. */
    readonly cookieOnly?: boolean;
    /** Answers an administrator whom it knows while the database is away. */
    readonly outlivesDatabase?: boolean;
    /** The further rate limit that applies to the route. */
    readonly counts?: 'command' | 'sign-up';
  }
  interface FastifyRequest {
    asker: WebAsker | undefined;
  }
}

/** Returns the asker; throws `signed-out` if there is none, which happens only on routes for anyone. */
export function askerOf(request: FastifyRequest): WebAsker {
  if (request.asker === undefined) throw new HttpProblem('signed-out');
  return request.asker;
}

type GuardOptions = {
  readonly lookUpAsker: LookUpAsker;
  readonly sessionCookie: string;
  /** Returns since when the database is away, in Unix ms; undefined while it is there. */
  readonly databaseLostAt?: () => number | undefined;
  readonly now?: () => number;
};

/**
 * Adds the guard to a scope. In this order it refuses cross-site writes, too many sign-ups, requests over a
 * rate limit, and askers without access to the route.
 */
export function guard(
  app: FastifyInstance,
  {
    lookUpAsker,
    sessionCookie,
    databaseLostAt = () => undefined,
    now = () => performance.now(),
  }: GuardOptions,
): void {
  const limits = openLimits(now);
  const findAsker = openAskerFinder(lookUpAsker, limits);
  app.decorateRequest('asker', undefined);
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { access = 'signed-in', counts, outlivesDatabase } = request.routeOptions.config;
    const { network } = clientOf(request);
    const credential = credentialOf(request, sessionCookie);
    refuseCrossSite(request, credential?.by === 'cookie');
    if (counts === 'sign-up') limits.signUps(network);
    const lostAt = outlivesDatabase === true ? databaseLostAt() : undefined;
    const asker = await findAsker(credential, network, lostAt);
    request.asker = asker;
    if (asker !== undefined && !asker.isWorkload) limits.known(asker, counts === 'command');
    if (access === 'anyone') return;
    if (asker === undefined) {
      // Browsers do not get this header, because they would open their own password dialog.
      if (request.headers.authorization !== undefined) {
        void reply.header('www-authenticate', 'Bearer');
      }
      throw new HttpProblem('signed-out');
    }
    refuseUnlessAllowed(request, asker, access);
  });
}

function refuseUnlessAllowed(request: FastifyRequest, asker: WebAsker, access: RouteAccess): void {
  const { beforePasswordChange = false, cookieOnly = false } = request.routeOptions.config;
  if (cookieOnly && asker.by === 'token') {
    throw new HttpProblem('forbidden', 'not by a token: sign in with the password');
  }
  if (asker.mustChange && !beforePasswordChange) throw new HttpProblem('password-change-needed');
  if (access === 'administrator' && asker.role !== 'administrator') {
    throw new HttpProblem('forbidden');
  }
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function refuseCrossSite(request: FastifyRequest, byCookie: boolean): void {
  if (READS.has(request.method)) return;
  // This is `Host` in HTTP/1.1, and `:authority` in HTTP/2.
  const { host } = request;
  const { origin, 'sec-fetch-site': fetchSite } = request.headers;
  const site = typeof fetchSite === 'string' ? fetchSite : undefined;
  if (isCrossSite({ host, origin, fetchSite: site, byCookie })) throw new HttpProblem('cross-site');
}

/**
 * Makes a function that finds the asker of a credential. A credential that is not known to be valid counts
 * for its network before it is looked up, so that made-up ones cause no more queries than the limit of the
 * network allows. If it is valid, the count is given back. A call with `lostAt`, when the database was lost,
 * recalls an administrator without a query.
 */
function openAskerFinder(lookUpAsker: LookUpAsker, { strangers }: Limits): FindAsker {
  const good = new LRUCache<string, true>({ max: KNOWN_CREDENTIALS_MAX });
  const memory = openAskerMemory();
  return async (credential, network, lostAt) => {
    const hash =
      credential !== undefined && isSecret(credential.secret)
        ? hashSecret(credential.secret)
        : undefined;
    const key = hash?.toString('base64') ?? '';
    const isKnown = good.has(key);
    const recalled = lostAt === undefined ? undefined : memory.recall(key, lostAt);
    if (recalled !== undefined) return recalled;
    if (!isKnown) strangers.take(network);
    if (credential === undefined || hash === undefined) return undefined;
    const asker = await lookUpAsker(credential, hash);
    memory.learn(key, asker);
    if (asker === undefined) {
      good.delete(key);
      if (isKnown) strangers.take(network);
    } else if (!isKnown) {
      good.set(key, true);
      strangers.giveBack(network);
    }
    return asker;
  };
}

type FindAsker = (
  credential: Credential | undefined,
  network: string,
  lostAt: number | undefined,
) => Promise<WebAsker | undefined>;

type Limits = {
  readonly strangers: {
    readonly take: (network: string) => void;
    readonly giveBack: (network: string) => void;
  };
  readonly signUps: (network: string) => void;
  readonly known: (asker: WebAsker, isCommand: boolean) => void;
};

function openLimits(now: () => number): Limits {
  const perMinute = (count: number): RateLimit => openRateLimit({ count, windowMs: 60_000, now });
  const strangers = perMinute(STRANGER_REQUESTS_PER_MINUTE);
  const signUps = perMinute(SIGN_UPS_PER_MINUTE);
  const accounts = perMinute(REQUESTS_PER_MINUTE);
  const tokens = perMinute(TOKEN_REQUESTS_PER_MINUTE);
  const commands = perMinute(COMMANDS_PER_MINUTE);
  const take = (limit: RateLimit, key: string): void => {
    const waitMs = limit.take(key);
    if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1_000));
  };
  return {
    strangers: {
      take: (network) => take(strangers, network),
      giveBack: (network) => strangers.giveBack(network),
    },
    signUps: (network) => take(signUps, network),
    known: (asker, isCommand) => {
      take(accounts, asker.user);
      if (asker.by === 'token') take(tokens, asker.id);
      if (isCommand) take(commands, asker.user);
    },
  };
}
