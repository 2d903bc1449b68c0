/**
 * Every parameter of every documented route has a schema with bounds, and nothing that is sent in one
 * is answered by an internal error. The routes are those of the OpenAPI document, new ones included.
 * `npm run drill -- web-parameters` sends every odd value in each.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSecret, newSecret } from '../../../shared/runtime/secrets.ts';
import { insertWorkloadTokens } from '../../../shared/pg/web-tokens.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { userOf } from '../../support/quote-names.ts';
import { bodiesOf, parametersOf, type SchemaNode } from './api-routes.ts';
import { sendOddValues } from './odd-parameters.ts';
import { pathOf } from './odd-values.ts';
import { openRouteWalker, type RouteWalker } from './route-walker.ts';

const START_MS = 240_000;

let walker: RouteWalker;
beforeAll(async () => {
  walker = await openRouteWalker();
}, START_MS);
afterAll(() => walker.close(), START_MS);

test('docs/WEB.md lists every route of the API, and no other', () => {
  const text = readFileSync(join(packageRoot, 'docs/WEB.md'), 'utf8');
  const [table = ''] = /^\| request \|[^]*?\n\n/m.exec(text) ?? [];
  const listed = [...table.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]*)[^`]*`/g)].map(
    ([, method = '', path = '']) => `${method} /api/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  const served = walker.routes.map(({ method, path }) => `${method} ${path}`);
  expect(listed.toSorted()).toEqual(served.filter((each) => each.includes(' /api/')).toSorted());
});

describe('each parameter', () => {
  test('has a schema with bounds', () => {
    expect(walker.routes.length).toBeGreaterThan(25);
    const unbounded = walker.routes.flatMap((route) => [
      ...parametersOf(route)
        .filter(({ schema }) => !isBounded(schema))
        .map(({ name }) => `${route.method} ${route.path} ${name}`),
      ...bodiesOf(route.operation).flatMap(({ properties = {} }) =>
        Object.entries(properties)
          .filter(([, node]) => !isBounded(node))
          .map(([name]) => `${route.method} ${route.path} body ${name}`),
      ),
    ]);
    expect(unbounded).toEqual([]);
  });

  test('given twice, and one that is not documented, cause no internal error', async () => {
    const sent = walker.routes.flatMap((route) => {
      const parameters = parametersOf(route);
      const path = pathOf(route.path, parameters);
      const also = path.includes('?') ? '&' : '?';
      return [
        { method: route.method, path: `${path}${also}other=1` },
        ...parameters
          .filter((each) => each.in === 'query')
          .map((each) => ({
            method: route.method,
            path: `${path}${also}${each.name}=1&${each.name}=2`,
          })),
      ];
    });
    expect(await walker.internalErrors(sent)).toEqual([]);
  }, 240_000);
});

sendOddValues(() => walker, 4);

test('a workload’s number beyond what is counted exactly is refused', async () => {
  const token = newSecret();
  await insertWorkloadTokens(
    walker.web.consumers.pool,
    [{ id: newId(), tokenHash: hashSecret(token), user: userOf('numbered') }],
    { name: 'workload test', lifetimeMs: 60_000 },
  );
  for (const number of ['1e300', '9007199254740993', '9223372036854775808', '-1', '0', '1.5']) {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': newId(), cookie: '' };
    const body = `{"command":"ADD","amount":"1.00","number":${number}}`;
    const sent = { method: 'POST', path: '/api/v1/commands', headers, body };
    expect([number, await walker.statusOf(sent)]).toEqual([number, 400]);
  }
});

describe('HEAD', () => {
  test('of each route that is read has no internal error, and leaves no listener behind', async () => {
    const reads = walker.routes.filter(({ method }) => method === 'GET');
    const sent = reads.map((route) => ({
      method: 'HEAD',
      path: pathOf(route.path, parametersOf(route)),
    }));
    expect(await walker.internalErrors(sent)).toEqual([]);
    const cookie = await walker.newCookie(0);
    const statuses: number[] = [];
    // More than one user may have open at once.
    for (let count = 0; count < 12; count += 1) {
      statuses.push(
        await walker.statusOf({ method: 'HEAD', path: '/api/v1/events', headers: { cookie } }),
      );
    }
    expect(statuses).toEqual(Array.from({ length: 12 }, () => 200));
    const path = '/api/v1/events';
    expect(await walker.statusOf({ method: 'GET', path, headers: { cookie } })).toBe(200);
  });

  test('of the whole log dumps nothing: the security log has no entry of it', async () => {
    // Other tests read the log as this administrator too.
    const entries = async (): Promise<number> => {
      const { rows } = await walker.web.consumers.pool.query(
        `SELECT FROM web_log WHERE event = 'whole-log-read' AND actor = 'walker-1'`,
      );
      return rows.length;
    };
    const before = await entries();
    const headers = { cookie: await walker.newCookie(1) };
    await walker.statusOf({ method: 'HEAD', path: '/api/v1/admin/log.xml', headers });
    expect(await entries()).toBe(before);
  });
});

function isBounded(node: SchemaNode): boolean {
  if (node.const !== undefined || node.enum !== undefined || node.type === 'boolean') return true;
  if (node.anyOf !== undefined) return node.anyOf.every(isBounded);
  if (node.type === 'integer' || node.type === 'number') {
    return node.minimum !== undefined && node.maximum !== undefined;
  }
  return node.type === 'string' && (node.maxLength !== undefined || isFinitePattern(node.pattern));
}

/** Anchored, and nothing in it is repeated without end. */
const isFinitePattern = (pattern = ''): boolean =>
  pattern.startsWith('^') && pattern.endsWith('$') && !/[*+]|,\}/.test(pattern);
