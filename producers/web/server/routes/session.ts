/** Signing in, out and up; passwords; where one is signed in. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { parseUserId, type UserId } from '../../../../shared/domain/identity.ts';
import { inTransaction } from '../../../../shared/pg/transaction.ts';
import { logWebEvent, type WebEvent } from '../../../../shared/pg/web-log.ts';
import { deleteSession, deleteSessions, listSessions } from '../../../../shared/pg/web-sessions.ts';
import { deleteTokens } from '../../../../shared/pg/web-tokens.ts';
import { loadWebUser, replaceHash, setPassword, signUp } from '../../../../shared/pg/web-users.ts';
import {
  PASSWORD_CHANGE,
  SESSION,
  SESSION_LIST,
  SIGN_IN,
  SIGN_UP,
  type Credentials,
  type Session,
  type SessionList,
} from '../../../../shared/web-api/session.ts';
import { askerOf } from '../guard.ts';
import { HttpProblem } from '../http-problem.ts';
import { SESSION_IDLE_MS } from '../limits.ts';
import { refuseWeakPassword } from '../password-rule.ts';
import {
  beginSession,
  endOwnSession,
  forgetCookie,
  refuseGuessing,
  sessionView,
} from '../sign-in.ts';
import type { Api } from '../validation.ts';
import type { WebParts } from '../web-parts.ts';

const TAGS = ['session'];
const NO_BODY = { 204: Type.Null() };
const ID = Type.Object({ id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });

export function sessionRoutes(api: Api, parts: WebParts): void {
  signingRoutes(api, parts);
  passwordRoute(api, parts);
  listRoutes(api, parts);
}

function signingRoutes(api: Api, parts: WebParts): void {
  const { pool, passwords } = parts;
  const note = (event: WebEvent, user: string, request: FastifyRequest): Promise<void> =>
    logWebEvent(pool, { event, actor: user, user, address: request.ip });

  api.post(
    '/session',
    {
      config: { access: 'anyone' },
      schema: { tags: TAGS, summary: 'Sign in', body: SIGN_IN, response: { 200: SESSION } },
    },
    async (request, reply): Promise<Session> => {
      const user = await identified(parts, request.body, request);
      const asker = await beginSession(pool, user, { request, reply });
      await note('signed-in', user, request);
      return sessionView(asker, parts);
    },
  );

  api.post(
    '/users',
    {
      config: { access: 'anyone', counts: 'sign-up' },
      schema: { tags: TAGS, summary: 'Sign up', body: SIGN_UP, response: { 201: SESSION } },
    },
    async (request, reply): Promise<Session> => {
      const user = userOf(request.body.user);
      refuseWeakPassword(request.body.password, user);
      const isNew = await signUp(pool, user, await passwords.hash(request.body.password));
      if (!isNew) {
        throw new HttpProblem('name-taken', 'choose another, or ask an administrator for it');
      }
      const asker = await beginSession(pool, user, { request, reply });
      await note('signed-up', user, request);
      return await reply.code(201).send(sessionView(asker, parts));
    },
  );

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
      const user = await endOwnSession(pool, request);
      if (user !== undefined) await note('signed-out', user, request);
      forgetCookie(reply);
      return await reply.code(204).send();
    },
  );
}

function passwordRoute(api: Api, parts: WebParts): void {
  const { pool, passwords } = parts;
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
      const { user } = askerOf(request);
      const { current, next } = request.body;
      await identified(parts, { user, password: current }, request);
      if (current === next) throw new HttpProblem('password-weak', 'it is the present one');
      refuseWeakPassword(next, user);
      const passwordHash = await passwords.hash(next);
      await inTransaction(pool, async (client) => {
        await setPassword(client, { user, passwordHash, mustChange: false });
        await deleteSessions(client, user);
        await deleteTokens(client, user);
        const event = {
          event: 'password-changed',
          actor: user,
          user,
          address: request.ip,
        } as const;
        await logWebEvent(client, event);
      });
      return sessionView(await beginSession(pool, user, { request, reply }), parts);
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

  api.delete<{ Params: { id: string } }>(
    '/sessions/:id',
    { schema: { tags: TAGS, summary: 'End a session of mine', params: ID, response: NO_BODY } },
    async (request, reply) => {
      const { user } = askerOf(request);
      if (!(await deleteSession(pool, { id: request.params.id, user }))) {
        throw new HttpProblem('not-found');
      }
      await logWebEvent(pool, { event: 'session-ended', actor: user, user, address: request.ip });
      return await reply.code(204).send();
    },
  );
}

export function userOf(name: string): UserId {
  const user = parseUserId(name);
  if (user === undefined) throw new HttpProblem('request-invalid', 'the user name is not valid');
  return user;
}

/** The user of these credentials; it takes as long for a name that does not exist. */
async function identified(
  { pool, passwords }: WebParts,
  credentials: Credentials,
  request: FastifyRequest,
): Promise<UserId> {
  const user = userOf(credentials.user);
  const who = { user, address: request.ip };
  await refuseGuessing(pool, who);
  const known = await loadWebUser(pool, user);
  if (!(await passwords.verify(credentials.password, known?.passwordHash))) {
    await logWebEvent(pool, { event: 'sign-in-failed', actor: undefined, ...who });
    throw new HttpProblem('credentials-wrong');
  }
  // Guesses that were under way together count too.
  await refuseGuessing(pool, who);
  if (known !== undefined && passwords.isOutdated(known.passwordHash)) {
    const to = await passwords.hash(credentials.password);
    await replaceHash(pool, user, { from: known.passwordHash, to });
  }
  return user;
}
