/**
 * Every parameter of every documented route has a schema with bounds, and nothing that is sent in one
 * is answered by an internal error. The routes are those of the OpenAPI document, new ones included.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { hashPassword } from '../../../producers/web/server/parts/passwords.ts';
import { hashSecret, newSecret } from '../../../producers/web/server/access/secrets.ts';
import { insertWorkloadTokens } from '../../../shared/pg/web-tokens.ts';
import { insertSession } from '../../../shared/pg/web-sessions.ts';
import { handOut } from '../../../shared/pg/web-users.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { userOf } from '../../support/quote-names.ts';
import { openWebSystem, type WebSystem } from './web-system.ts';

type SchemaNode = {
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
};
type Parameter = {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: SchemaNode;
};
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: SchemaNode }>>;
  };
};
type Route = { readonly method: string; readonly path: string; readonly operation: Operation };

const ADMINISTRATORS = 4;
const AT_ONCE = 8;

let web: WebSystem;
let agent: Agent;
let routes: readonly Route[];
let cookieName = '';

beforeAll(async () => {
  web = await openWebSystem();
  agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: web.authority });
  const passwordHash = await hashPassword(newSecret());
  for (let index = 0; index < ADMINISTRATORS; index += 1) {
    await handOut(web.consumers.pool, {
      user: administrator(index),
      passwordHash,
      role: 'administrator',
      mustChange: false,
    });
  }
  [cookieName = ''] = (await web.trader('named')).cookie.split('=');
  const { text } = await web.visitor().ask('/docs/json');
  const { paths } = JSON.parse(text) as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}, 240_000);
afterAll(async () => {
  agent.destroy();
  await web.close();
});

const administrator = (index: number) => userOf(`walker-${index % ADMINISTRATORS}`);

/** A session of its own for each request: some of them end it. */
async function newCookie(index: number): Promise<string> {
  const secret = newSecret();
  await insertSession(web.consumers.pool, {
    id: newId(),
    tokenHash: hashSecret(secret),
    user: administrator(index),
    lifetimeMs: 600_000,
    address: 'test',
    userAgent: '',
  });
  return `${cookieName}=${secret}`;
}

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
};

/** The status alone: a stream is closed once it has begun. */
async function statusOf(
  { method, path, headers = {}, body }: Sent,
  index: number,
): Promise<number> {
  const origin = `https://localhost:${web.port}`;
  return await new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', servername: 'localhost', port: web.port, agent, method, path },
        headers: {
          host: `localhost:${web.port}`,
          origin,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        const { statusCode = 0 } = response;
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          response.destroy();
        } else response.resume();
        response.on('error', () => undefined);
        resolve(statusCode);
      },
    );
    asking.on('error', (error) =>
      reject(new Error(`${index}: ${method} ${path}`, { cause: error })),
    );
    asking.end(body);
  });
}

/** Resolves to those that were answered by an internal error. */
async function internalErrors(sent: readonly Sent[]): Promise<readonly Sent[]> {
  const failed: Sent[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < sent.length; index = next++) {
      const each = sent[index];
      if (each === undefined) return;
      const headers = { cookie: await newCookie(index), ...each.headers };
      if ((await statusOf({ ...each, headers }, index)) === 500) failed.push(each);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}

/** Beyond int, bigint and double, of no range, of other kinds, and what PostgreSQL's text cannot hold. */
const ODD: readonly string[] = [
  ...[
    '',
    ' ',
    '-1',
    '0',
    '-0',
    '00',
    '1.5',
    '1e300',
    '-1e300',
    '1e-300',
    '1e400',
    'NaN',
    'Infinity',
  ],
  ...['2147483647', '2147483648', '4294967296', '9007199254740993', '253402300800000'],
  ...['999999999999999999', '9223372036854775807', '9223372036854775808', '9999999999999999999'],
  ...['1.0', '1.2147483648', '1.9999999999', '1.', '.1', '0x10', '１２３', '9'.repeat(100)],
  ...['null', 'true', '[]', '{}', '\u0000', 'a\u0000b', '\ud7ff\ue000', '\u{1f600}', '%', "'", '"'],
  ...['-'.repeat(36), 'f'.repeat(36), '00000000-0000-0000-0000-000000000000', '__proto__'],
];
/** Percent-encodings that are not UTF-8. */
const ODD_ENCODED = ['%00', '%ff', '%ed%a0%80', '%c0%80', '%', '%zz', '%u0041'];
/** Texts that Node sends in a header. */
const ODD_HEADERS = ODD.filter((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text));

const ODD_JSON: readonly string[] = [
  ...['null', 'true', '[]', '{}', '""', '-1', '0', '1.5', '1e300', '-1e300', '1e400', '1e-300'],
  ...['2147483648', '9007199254740993', '9223372036854775808', '[[]]', '{"a":1}'],
  ...['"\\u0000"', '"\\ud800"', '"a\\udfffb"', '"1e300"', '"9999999999999999999"', '"１２３"'],
  `"${'9'.repeat(300)}"`,
  `"${'x'.repeat(10_000)}"`,
];

/** A good value for a parameter that is not the one under test. */
function example({ name, schema }: Parameter): string {
  if (name === 'symbols' || name === 'symbol') return 'ABC';
  if (name === 'name') return 'walker-3';
  if (schema.pattern?.includes('{8}-') === true) return newId();
  return 'abc';
}

const pathOf = (
  path: string,
  parameters: readonly Parameter[],
  odd?: [Parameter, string],
): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    if (odd?.[0].in === 'path' && odd[0].name === name) return odd[1];
    const parameter = parameters.find((each) => each.in === 'path' && each.name === name);
    return parameter === undefined ? 'x' : example(parameter);
  });
  const query = parameters
    .filter((each) => each.in === 'query' && (each.required === true || each === odd?.[0]))
    .map((each) => `${each.name}=${each === odd?.[0] ? odd[1] : example(each)}`);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
};

const bodiesOf = ({ requestBody }: Operation): readonly SchemaNode[] => {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? [] : (schema.anyOf ?? [schema]);
};

/** A body with one odd field, and bodies that are odd as a whole. */
function oddBodies(operation: Operation): readonly string[] {
  const forms = bodiesOf(operation);
  if (forms.length === 0) return [];
  const ofFields = forms.flatMap(({ properties = {} }) =>
    Object.keys(properties).flatMap((odd) =>
      ODD_JSON.map((value) => {
        const fields = Object.entries(properties).map(([name, node]) =>
          name === odd
            ? `"${name}":${value}`
            : `"${name}":${JSON.stringify(goodField(name, node))}`,
        );
        return `{${fields.join(',')}}`;
      }),
    ),
  );
  return [...ofFields, ...ODD_JSON, '', '{', '[['.repeat(4_000), '{"__proto__":{"a":1}}'];
}

function goodField(name: string, node: SchemaNode): unknown {
  const [value = node.const] = node.enum ?? node.anyOf?.map((each) => each.const) ?? [];
  if (value !== undefined) return value;
  if (node.type === 'integer') return 1;
  if (node.type === 'boolean') return false;
  return { amount: '1.00', price: '1.00', symbol: 'ABC', file: './walk.xml' }[name] ?? 'abcdefghij';
}

const parametersOf = ({ operation }: Route): readonly Parameter[] => operation.parameters ?? [];

test('docs/WEB.md lists every route of the API, and no other', () => {
  const text = readFileSync(join(packageRoot, 'docs/WEB.md'), 'utf8');
  const [table = ''] = /^\| request \|[^]*?\n\n/m.exec(text) ?? [];
  const listed = [...table.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]*)[^`]*`/g)].map(
    ([, method = '', path = '']) => `${method} /api/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  const served = routes.map(({ method, path }) => `${method} ${path}`);
  expect(listed.toSorted()).toEqual(served.filter((each) => each.includes(' /api/')).toSorted());
});

describe('each parameter', () => {
  test('has a schema with bounds', () => {
    expect(routes.length).toBeGreaterThan(25);
    const unbounded = routes.flatMap((route) => [
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

  test('of a query or path takes odd values without an internal error', async () => {
    const sent = routes.flatMap((route) => {
      const parameters = parametersOf(route);
      const places = parameters.filter((each) => each.in === 'query' || each.in === 'path');
      const odd = [...ODD.map(encodeURIComponent), ...ODD_ENCODED];
      return places.flatMap((place) =>
        odd.map((value) => ({
          method: route.method,
          path: pathOf(route.path, parameters, [place, value]),
        })),
      );
    });
    expect(sent.length).toBeGreaterThan(500);
    expect(await internalErrors(sent)).toEqual([]);
  }, 240_000);

  test('given twice, and one that is not documented, cause no internal error', async () => {
    const sent = routes.flatMap((route) => {
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
    expect(await internalErrors(sent)).toEqual([]);
  }, 240_000);

  test('of a body takes odd values without an internal error', async () => {
    const sent = routes.flatMap((route) =>
      oddBodies(route.operation).map((body) => ({
        method: route.method,
        path: pathOf(route.path, parametersOf(route)),
        headers: { 'idempotency-key': newId() },
        body,
      })),
    );
    expect(sent.length).toBeGreaterThan(200);
    expect(await internalErrors(sent)).toEqual([]);
  }, 240_000);

  test('of a header takes odd values without an internal error', async () => {
    const sent = routes.flatMap((route) => {
      const names = parametersOf(route).filter((each) => each.in === 'header');
      const path = pathOf(route.path, parametersOf(route));
      const [body] = bodiesOf(route.operation);
      return [...names.map(({ name }) => name)].flatMap((name) =>
        ODD_HEADERS.map((value) => ({
          method: route.method,
          path,
          headers: { [name]: value },
          body: body && '{"command":"ADD","amount":"1.00"}',
        })),
      );
    });
    expect(sent.length).toBeGreaterThan(20);
    expect(await internalErrors(sent)).toEqual([]);
  }, 240_000);
});

describe('headers that every route reads', () => {
  test('take odd values without an internal error', async () => {
    const path = '/api/v1/session';
    const names = [
      'authorization',
      'cookie',
      'user-agent',
      'sec-fetch-site',
      'traceparent',
      'accept',
    ];
    const values = [...ODD_HEADERS, 'Basic', 'Basic Og==', 'Bearer', `Bearer ${'x'.repeat(4_000)}`];
    const sent = names.flatMap((name) =>
      values.map((value) => ({ method: 'GET', path, headers: { [name]: value } })),
    );
    expect(await internalErrors(sent)).toEqual([]);
  }, 240_000);
});

test('a workload’s number beyond what is counted exactly is refused', async () => {
  const token = newSecret();
  await insertWorkloadTokens(
    web.consumers.pool,
    [{ id: newId(), tokenHash: hashSecret(token), user: userOf('numbered') }],
    { name: 'workload test', lifetimeMs: 60_000 },
  );
  for (const number of ['1e300', '9007199254740993', '9223372036854775808', '-1', '0', '1.5']) {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': newId(), cookie: '' };
    const body = `{"command":"ADD","amount":"1.00","number":${number}}`;
    const sent = { method: 'POST', path: '/api/v1/commands', headers, body };
    expect([number, await statusOf(sent, 0)]).toEqual([number, 400]);
  }
});

describe('HEAD', () => {
  test('of each route that is read has no internal error, and leaves no listener behind', async () => {
    const reads = routes.filter(({ method }) => method === 'GET');
    const sent = reads.map((route) => ({
      method: 'HEAD',
      path: pathOf(route.path, parametersOf(route)),
    }));
    expect(await internalErrors(sent)).toEqual([]);
    const cookie = await newCookie(0);
    const statuses: number[] = [];
    // More than one user may have open at once.
    for (let count = 0; count < 12; count += 1) {
      statuses.push(
        await statusOf({ method: 'HEAD', path: '/api/v1/events', headers: { cookie } }, 0),
      );
    }
    expect(statuses).toEqual(Array.from({ length: 12 }, () => 200));
    const path = '/api/v1/events';
    expect(await statusOf({ method: 'GET', path, headers: { cookie } }, 0)).toBe(200);
  });

  test('of the whole log dumps nothing: the security log has no entry of it', async () => {
    const headers = { cookie: await newCookie(1) };
    await statusOf({ method: 'HEAD', path: '/api/v1/admin/log.xml', headers }, 0);
    const { rows } = await web.consumers.pool.query(
      `SELECT FROM web_log WHERE event = 'whole-log-read' AND actor = 'walker-1'`,
    );
    expect(rows).toHaveLength(0);
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
