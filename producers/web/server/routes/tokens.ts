/** The routes by which a user makes, lists and revokes API tokens. */
import Type from 'typebox';
import { inTransaction } from '../../../../shared/pg/transaction.ts';
import { deleteToken, insertToken, listTokens } from '../../../../shared/pg/web-tokens.ts';
import { UUID_PATTERN } from '../../../../shared/web-api/schema.ts';
import { newId } from '../../../../shared/runtime/new-id.ts';
import {
  ISSUED_TOKEN,
  TOKEN_LIST,
  TOKEN_REQUEST,
  type IssuedToken,
  type TokenList,
} from '../../../../shared/web-api/session.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { confirmAsker } from '../access/identify.ts';
import { TOKENS_MAX } from '../parts/limits.ts';
import { hashSecret, newSecret, TOKEN_PREFIX } from '../../../../shared/runtime/secrets.ts';
import { logAct } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['tokens'];
const DAY_MS = 24 * 60 * 60 * 1_000;

export function tokenRoutes(api: Api, parts: WebParts): void {
  listRoute(api, parts);
  makeRoute(api, parts);
  revokeRoute(api, parts);
}

function listRoute(api: Api, { pool }: WebParts): void {
  api.get(
    '/tokens',
    { schema: { tags: TAGS, summary: 'My API tokens', response: { 200: TOKEN_LIST } } },
    async (request): Promise<TokenList> => ({
      tokens: [...(await listTokens(pool, askerOf(request).user))],
    }),
  );
}

function makeRoute(api: Api, { pool }: WebParts): void {
  api.post(
    '/tokens',
    {
      config: { cookieOnly: true },
      schema: {
        tags: TAGS,
        summary: 'Make a token: a bearer, or the password of HTTP Basic',
        body: TOKEN_REQUEST,
        response: { 201: ISSUED_TOKEN },
      },
    },
    async (request, reply): Promise<IssuedToken> => {
      const asker = askerOf(request);
      const { user } = asker;
      const { name, days } = request.body;
      const token = `${TOKEN_PREFIX}${newSecret()}`;
      const made = await inTransaction(pool, async (client) => {
        await confirmAsker(client, asker);
        const inserted = await insertToken(client, {
          id: newId(),
          tokenHash: hashSecret(token),
          user,
          name,
          lifetimeMs: days === undefined ? undefined : days * DAY_MS,
          most: TOKENS_MAX,
        });
        if (inserted === undefined) {
          const detail = `you have ${TOKENS_MAX} tokens: revoke one first`;
          throw new HttpProblem('request-invalid', detail);
        }
        await logAct(client, request, { event: 'token-made', user });
        return inserted;
      });
      return await reply.code(201).send({ ...made, token });
    },
  );
}

function revokeRoute(api: Api, { pool }: WebParts): void {
  api.delete<{ Params: { id: string } }>(
    '/tokens/:id',
    {
      config: { cookieOnly: true },
      schema: {
        tags: TAGS,
        summary: 'Revoke a token of mine',
        params: Type.Object({ id: Type.String({ pattern: UUID_PATTERN }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { user } = askerOf(request);
      if (!(await deleteToken(pool, { id: request.params.id, user }))) {
        throw new HttpProblem('not-found');
      }
      await logAct(pool, request, { event: 'token-revoked', user });
      return await reply.code(204).send();
    },
  );
}
