/** The routes by which administrators list users, hand out names and passwords, and read the security log. */
import Type from 'typebox';
import { inTransaction } from '../../../../shared/pg/transaction.ts';
import { listUsers, type UserRow } from '../../../../shared/pg/web-admin.ts';
import { endAccess } from '../../../../shared/pg/web-access.ts';
import { listWebLog } from '../../../../shared/pg/web-log.ts';
import { handOut, setPassword } from '../../../../shared/pg/web-users.ts';
import {
  HAND_OUT,
  HANDED_OUT,
  SECURITY_LOG,
  USER_LIST,
  USER_QUERY,
  type HandedOut,
  type SecurityLog,
  type UserEntry,
  type UserList,
} from '../../../../shared/web-api/admin.ts';
import { ID_PATTERN, schemaOf, type Schema } from '../../../../shared/web-api/schema.ts';
import { USER_PATTERN } from '../../../../shared/web-api/credential-rules.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { confirmAsker, userOf } from '../access/identify.ts';
import { newPassword } from '../../../../shared/runtime/secrets.ts';
import { logAct } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['administration'];
const PAGE = 100;
const CONFIG = { access: 'administrator' } as const;
const NAME = Type.Object({ name: Type.String({ pattern: USER_PATTERN }) });

type LogQuery = { cursor?: string };
const LOG_QUERY: Schema<LogQuery> = schemaOf<LogQuery>()(
  Type.Object(
    { cursor: Type.Optional(Type.String({ pattern: ID_PATTERN })) },
    { additionalProperties: false },
  ),
);

export function adminUserRoutes(api: Api, parts: WebParts): void {
  listRoutes(api, parts);
  handOutRoute(api, parts);
  resetPasswordRoute(api, parts);
}

function listRoutes(api: Api, { pool }: WebParts): void {
  api.get(
    '/admin/users',
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: 'Everyone who has commands or can sign in',
        querystring: USER_QUERY,
        response: { 200: USER_LIST },
      },
    },
    async (request): Promise<UserList> => {
      const { cursor: after, q: part } = request.query;
      const rows = await listUsers(pool, { after, part, most: PAGE + 1 });
      const users = rows.slice(0, PAGE).map(userEntry);
      return { users, next: rows.length > PAGE ? (users.at(-1)?.user ?? null) : null };
    },
  );

  api.get(
    '/admin/log',
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: 'Sign-ins, failed ones too, and what administrators did',
        querystring: LOG_QUERY,
        response: { 200: SECURITY_LOG },
      },
    },
    async (request): Promise<SecurityLog> => {
      const rows = await listWebLog(pool, request.query.cursor, PAGE + 1);
      const entries = rows.slice(0, PAGE).map((row) => ({ ...row }));
      return { entries, next: rows.length > PAGE ? (entries.at(-1)?.id ?? null) : null };
    },
  );
}

function handOutRoute(api: Api, { pool, passwords }: WebParts): void {
  api.post(
    '/admin/users',
    {
      config: { ...CONFIG, cookieOnly: true },
      schema: {
        tags: TAGS,
        summary: 'Hand a name out; its password is shown this once',
        body: HAND_OUT,
        response: { 201: HANDED_OUT },
      },
    },
    async (request, reply): Promise<HandedOut> => {
      const user = userOf(request.body.user);
      const { role = 'trader' } = request.body;
      const password = newPassword();
      const passwordHash = await passwords.hash(password);
      const asker = askerOf(request);
      await inTransaction(pool, async (client) => {
        await confirmAsker(client, asker);
        const given = await handOut(client, { user, passwordHash, role, mustChange: true });
        if (!given) throw new HttpProblem('name-taken', 'reset its password instead');
        await logAct(client, request, { event: 'user-handed-out', user, detail: role });
      });
      return await reply.code(201).send({ user, role, password });
    },
  );
}

function resetPasswordRoute(api: Api, { pool, passwords }: WebParts): void {
  api.post<{ Params: { name: string } }>(
    '/admin/users/:name/password',
    {
      config: { ...CONFIG, cookieOnly: true },
      schema: {
        tags: TAGS,
        summary: 'A new password for somebody; ends their sessions and tokens',
        params: NAME,
        response: { 200: HANDED_OUT },
      },
    },
    async (request): Promise<HandedOut> => {
      const user = userOf(request.params.name);
      const password = newPassword();
      const passwordHash = await passwords.hash(password);
      const asker = askerOf(request);
      const role = await inTransaction(pool, async (client) => {
        await confirmAsker(client, asker, [user]);
        const found = await setPassword(client, { user, passwordHash, mustChange: true });
        if (found === undefined) throw new HttpProblem('not-found', 'nobody has this name');
        await endAccess(client, user);
        await logAct(client, request, { event: 'password-reset', user });
        return found;
      });
      return { user, role, password };
    },
  );
}

const userEntry = (row: UserRow): UserEntry => ({
  user: row.user_id,
  role: row.role,
  disabled: row.is_disabled,
  hasAccount: row.balance !== null,
  createdAt: row.created_at === null ? null : Number(row.created_at),
  lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
  balance: row.balance === null ? null : Number(row.balance),
});
