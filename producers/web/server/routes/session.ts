/** The routes for signing in, out and up, for the password, and for the sessions of a user. */
import Type from 'typebox';
import { inTransaction } from '../../../../shared/pg/transaction.ts';
import { UUID_PATTERN } from '../../../../shared/web-api/schema.ts';
import { endAccess } from '../../../../shared/pg/web-access.ts';
import {
  deleteOtherSessions,
  deleteSession,
  listSessions,
} from '../../../../shared/pg/web-sessions.ts';
import { setPassword, signUp } from '../../../../shared/pg/web-users.ts';
import {
  PASSWORD_CHANGE,
  SESSION,
  SESSION_LIST,
  SIGN_IN,
  SIGN_UP,
  type Session,
  type SessionList,
} from '../../../../shared/web-api/session.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { confirmAsker, confirmIdentity, identify, userOf } from '../access/identify.ts';
import { SESSION_IDLE_MS } from '../parts/limits.ts';
import { refuseWeakPassword } from '../parts/password-rule.ts';
import {
  endOwnSession,
  clearSessionCookie,
  setSessionCookie,
  sessionView,
  startSession,
} from '../access/sign-in.ts';
import { logAct } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['session'];
const NO_BODY = { 204: Type.Null() };
const ID = Type.Object({ id: Type.String({ pattern: UUID_PATTERN }) });

export function sessionRoutes(api: Api, parts: WebParts): void {
  signInRoute(api, parts);
  signUpRoute(api, parts);
  ownSessionRoutes(api, parts);
  passwordRoute(api, parts);
  listRoutes(api, parts);
}

function signInRoute(api: Api, parts: WebParts): void {
  const { pool, sessionCookie } = parts;
  api.post(
    '/session',
    {
      config: { access: 'anyone' },
      schema: { tags: TAGS, summary: 'Sign in', body: SIGN_IN, response: { 200: SESSION } },
    },
    async (request, reply): Promise<Session> => {
      const identified = await identify(parts, request.body, request);
      const { user } = identified;
      const session = await inTransaction(pool, async (client) => {
        await confirmIdentity(client, identified);
        await logAct(client, request, { event: 'signed-in', actor: user, user });
        return await startSession(client, user, { request, sessionCookie });
      });
      setSessionCookie(reply, sessionCookie, session);
      return sessionView(session.asker, parts);
    },
  );
}

function signUpRoute(api: Api, parts: WebParts): void {
  const { pool, passwords, sessionCookie } = parts;
  api.post(
    '/users',
    {
      config: { access: 'anyone', counts: 'sign-up' },
      schema: { tags: TAGS, summary: 'Sign up', body: SIGN_UP, response: { 201: SESSION } },
    },
    async (request, reply): Promise<Session> => {
      const user = userOf(request.body.user);
      refuseWeakPassword(request.body.password, user);
      const passwordHash = await passwords.hash(request.body.password);
      const session = await inTransaction(pool, async (client) => {
        if (!(await signUp(client, user, passwordHash))) {
          throw new HttpProblem('name-taken', 'choose another, or ask an administrator for it');
        }
        await logAct(client, request, { event: 'signed-up', actor: user, user });
        return await startSession(client, user, { request, sessionCookie });
      });
      setSessionCookie(reply, sessionCookie, session);
      return await reply.code(201).send(sessionView(session.asker, parts));
    },
  );
}

function ownSessionRoutes(api: Api, parts: WebParts): void {
  const { pool, sessionCookie } = parts;
  api.get(
    '/session',
    {
      config: { beforePasswordChange: true },
      schema: { tags: TAGS, summary: 'Who am I', response: { 200: SESSION } },
    },
    (request): Session => sessionView(askerOf(request), parts),
  );

  api.delete(
    '/session',
    {
      config: { access: 'anyone' },
      schema: { tags: TAGS, summary: 'Sign out', response: NO_BODY },
    },
    async (request, reply) => {
      const user = await endOwnSession(pool, { request, sessionCookie });
      if (user !== undefined)
        await logAct(pool, request, { event: 'signed-out', actor: user, user });
      clearSessionCookie(reply, sessionCookie);
      return await reply.code(204).send();
    },
  );
}

function passwordRoute(api: Api, parts: WebParts): void {
  const { pool, passwords, sessionCookie } = parts;
  api.put(
    '/password',
    {
      config: { cookieOnly: true, beforePasswordChange: true },
      schema: {
        tags: TAGS,
        summary: 'Change the password; ends all other sessions and all tokens',
        body: PASSWORD_CHANGE,
        response: { 200: SESSION },
      },
    },
    async (request, reply): Promise<Session> => {
      const asker = askerOf(request);
      const { user } = asker;
      const { current, next } = request.body;
      const { passwordVersion } = await identify(parts, { user, password: current }, request);
      if (current === next) throw new HttpProblem('password-weak', 'it is the present one');
      refuseWeakPassword(next, user);
      const passwordHash = await passwords.hash(next);
      const session = await inTransaction(pool, async (client) => {
        await confirmIdentity(client, { user, passwordVersion });
        await confirmAsker(client, asker);
        await setPassword(client, { user, passwordHash, mustChange: false });
        await endAccess(client, user);
        await logAct(client, request, { event: 'password-changed', actor: user, user });
        return await startSession(client, user, { request, sessionCookie });
      });
      setSessionCookie(reply, sessionCookie, session);
      return sessionView(session.asker, parts);
    },
  );
}

function listRoutes(api: Api, { pool }: WebParts): void {
  api.get(
    '/sessions',
    { schema: { tags: TAGS, summary: 'Where I am signed in', response: { 200: SESSION_LIST } } },
    async (request): Promise<SessionList> => {
      const { user, id } = askerOf(request);
      const sessions = await listSessions(pool, user, SESSION_IDLE_MS);
      return { sessions: sessions.map((each) => ({ ...each, current: each.id === id })) };
    },
  );

  api.delete(
    '/sessions',
    {
      config: { cookieOnly: true },
      schema: { tags: TAGS, summary: 'End all my other sessions', response: NO_BODY },
    },
    async (request, reply) => {
      const { user, id } = askerOf(request);
      await deleteOtherSessions(pool, { id, user });
      await logAct(pool, request, { event: 'session-ended', actor: user, user });
      return await reply.code(204).send();
    },
  );

  api.delete<{ Params: { id: string } }>(
    '/sessions/:id',
    { schema: { tags: TAGS, summary: 'End a session of mine', params: ID, response: NO_BODY } },
    async (request, reply) => {
      const { user } = askerOf(request);
      if (!(await deleteSession(pool, { id: request.params.id, user }))) {
        throw new HttpProblem('not-found');
      }
      await logAct(pool, request, { event: 'session-ended', actor: user, user });
      return await reply.code(204).send();
    },
  );
}
