/** The routes by which administrators change roles, disable and enable users, and end their sessions. */
import Type from 'typebox';
import type { UserId } from '../../../../shared/domain/identity.ts';
import { inTransaction } from '../../../../shared/pg/transaction.ts';
import { endAccess } from '../../../../shared/pg/web-access.ts';
import { deleteSessions } from '../../../../shared/pg/web-sessions.ts';
import { changeUser, type WebUser } from '../../../../shared/pg/web-users.ts';
import {
  CHANGED_USER,
  USER_CHANGE,
  type ChangedUser,
  type UserChange,
} from '../../../../shared/web-api/admin.ts';
import { USER_PATTERN } from '../../../../shared/web-api/credential-rules.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { confirmAsker, userOf } from '../access/identify.ts';
import { logAct, type Act } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const NAME = Type.Object({ name: Type.String({ pattern: USER_PATTERN }) });

export function adminAccessRoutes(api: Api, parts: WebParts): void {
  changeRoute(api, parts);
  endSessionsRoute(api, parts);
}

function changeRoute(api: Api, { pool }: WebParts): void {
  api.patch<{ Params: { name: string } }>(
    '/admin/users/:name',
    {
      config: { access: 'administrator', cookieOnly: true },
      schema: {
        tags: ['administration'],
        summary: 'Give another role, disable or enable; ends the user’s sessions and tokens',
        params: NAME,
        body: USER_CHANGE,
        response: { 200: CHANGED_USER },
      },
    },
    async (request): Promise<ChangedUser> => {
      const user = userOf(request.params.name);
      const asker = askerOf(request);
      return await inTransaction(pool, async (client) => {
        const locked = await confirmAsker(client, asker, [user], { withAdministrators: true });
        const before = locked.get(user);
        if (before === undefined) throw new HttpProblem('not-found', 'nobody has this name');
        const after = changedUser(before, request.body as UserChange);
        refuseLastAdministrator(locked, after);
        const acts = actsOf(before, after);
        if (acts.length > 0) {
          await changeUser(client, after);
          await endAccess(client, user);
        }
        for (const act of acts) await logAct(client, request, { ...act, user });
        return { user, role: after.role, disabled: after.isDisabled };
      });
    },
  );
}

function endSessionsRoute(api: Api, { pool }: WebParts): void {
  api.delete<{ Params: { name: string } }>(
    '/admin/users/:name/sessions',
    {
      config: { access: 'administrator', cookieOnly: true },
      schema: {
        tags: ['administration'],
        summary: 'End all sessions of a user; tokens stay valid',
        params: NAME,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const user = userOf(request.params.name);
      const asker = askerOf(request);
      await inTransaction(pool, async (client) => {
        const locked = await confirmAsker(client, asker, [user]);
        if (!locked.has(user)) throw new HttpProblem('not-found', 'nobody has this name');
        await deleteSessions(client, user);
        await logAct(client, request, { event: 'sessions-ended', user });
      });
      return await reply.code(204).send();
    },
  );
}

const changedUser = (user: WebUser, { role, disabled }: UserChange): WebUser => ({
  ...user,
  role: role ?? user.role,
  isDisabled: disabled ?? user.isDisabled,
});

const isActiveAdministrator = ({ role, isDisabled }: WebUser): boolean =>
  role === 'administrator' && !isDisabled;

/** Throws if no active administrator would be left; `locked` holds all of them. */
function refuseLastAdministrator(locked: ReadonlyMap<UserId, WebUser>, after: WebUser): void {
  const users = new Map(locked).set(after.user, after);
  if (![...users.values()].some(isActiveAdministrator)) throw new HttpProblem('last-administrator');
}

const actsOf = (before: WebUser, after: WebUser): readonly Act[] => [
  ...(before.role === after.role ? [] : [{ event: 'role-changed', detail: after.role } as const]),
  ...(before.isDisabled === after.isDisabled
    ? []
    : [{ event: after.isDisabled ? 'user-disabled' : 'user-enabled' } as const]),
];
