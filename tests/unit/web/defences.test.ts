/** What protects the web, each by itself. */
import cookie from '@fastify/cookie';
import { describe, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import type { WebAsker } from '../../../producers/web/server/access/asker.ts';
import { guard } from '../../../producers/web/server/access/guard.ts';
import { answerProblems } from '../../../producers/web/server/parts/http-problem.ts';
import { STRANGER_REQUESTS_PER_MINUTE } from '../../../producers/web/server/parts/limits.ts';
import { sessionCookieOf } from '../../../producers/web/server/access/session-cookie.ts';
import { isLoopbackHost } from '../../../producers/web/server/secure-answers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { isCrossSite } from '../../../producers/web/server/access/cross-site.ts';
import { csvRow } from '../../../producers/web/server/views/history-view.ts';
import { parkedTarget } from '../../../producers/web/server/parts/parked-target.ts';
import { openSlots } from '../../../producers/web/server/parts/passwords.ts';
import { openRateLimit } from '../../../producers/web/server/access/rate-limit.ts';
import { newPassword, newSecret } from '../../../shared/runtime/secrets.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';

const host = 'localhost:8443';
const ours = { host, origin: `https://${host}`, fetchSite: 'same-origin', byCookie: true };

describe('a write', () => {
  test('from our own page is taken', () => {
    expect(isCrossSite(ours)).toBe(false);
    expect(isCrossSite({ ...ours, origin: undefined })).toBe(false);
    expect(isCrossSite({ ...ours, fetchSite: undefined })).toBe(false);
  });
  test('from elsewhere is not, whoever it speaks for', () => {
    for (const byCookie of [true, false]) {
      expect(isCrossSite({ ...ours, byCookie, fetchSite: 'cross-site' })).toBe(true);
      expect(isCrossSite({ ...ours, byCookie, origin: 'https://evil.example' })).toBe(true);
      expect(isCrossSite({ ...ours, byCookie, host: undefined })).toBe(true);
    }
  });
  test('of a program is taken with a token, not with a cookie', () => {
    const program = { host, origin: undefined, fetchSite: undefined };
    expect(isCrossSite({ ...program, byCookie: false })).toBe(false);
    expect(isCrossSite({ ...program, byCookie: true })).toBe(true);
  });
});

test('a rate allows a burst, then as many as come in evenly; keys are apart', () => {
  let now = 0;
  const limit = openRateLimit({ count: 3, windowMs: 3_000, now: () => now });
  expect([1, 2, 3].map(() => limit.take('a'))).toEqual([0, 0, 0]);
  expect(limit.take('a')).toBe(1_000);
  expect(limit.take('b')).toBe(0);
  now = 1_000;
  expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(1_000);
});

test('so many work at once, so many wait, the rest are refused', async () => {
  const slots = openSlots(1, 1);
  const gate = deferred();
  const order: string[] = [];
  const first = slots(async () => {
    await gate.promise;
    order.push('first');
  });
  const second = slots(() => Promise.resolve(order.push('second')));
  await expect(slots(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('secrets and passwords do not repeat, and passwords can be typed', () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  expect(secrets.every((secret) => secret.length === 43)).toBe(true);
  expect(newPassword()).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
});

test('a CSV cell runs nothing in a spreadsheet, and numbers stay numbers', () => {
  const item = { of: 'commands', id: '1.0', at: 0, number: 7, symbol: null, status: 'refused' };
  const order = { shares: 3, price: 100, total: 300 };
  const given = { type: 'BUY', amount: -1_050, reason: '=1+1,"x"' };
  const row = csvRow({ ...item, ...order, ...given } as never);
  expect(row).toBe(`1970-01-01T00:00:00.000Z,7,BUY,,3,1.00,-10.50,3.00,refused,"'=1+1,""x"""\r\n`);
});

describe('a parked message', () => {
  const of = (from: string, text: string) =>
    parkedTarget({ from, body: Buffer.from(text) } as never, 16);
  test('goes to the shard of its user or symbol', () => {
    expect(of('commands', '{"user":"alice"}')?.exchange).toBe('commands.16');
    expect(of('quotes', '{"symbol":"ABC"}')?.exchange).toBe('quotes.requests');
    expect(of('audit', '12\t0\t')).toEqual({ exchange: 'audit', key: 'events' });
  });
  test('stays where what was done of it is not known any more', () => {
    const dayMs = 24 * 3_600_000;
    const due = (atMs: number): string => JSON.stringify({ user: 'alice', deadline: atMs });
    expect(of('commands', due(Date.now() - dayMs / 2))).toBeDefined();
    expect(of('commands', due(Date.now() - dayMs - 1))).toBeUndefined();
    const done = { from: 'intake', body: Buffer.from('ADD,alice,1'), code: 'message-perhaps-done' };
    expect(parkedTarget(done as never, 16)).toBeUndefined();
    expect(parkedTarget({ ...done, code: 'message-unreadable' } as never, 16)).toBeDefined();
  });
  test('stays where its bytes do not say', () => {
    for (const text of ['', 'no JSON', '[]', 'null', '{"user":7}', '{"user":"a b"}']) {
      expect(of('commands', text)).toBeUndefined();
      expect(of('quotes', text)).toBeUndefined();
      expect(of('audit', text)).toBeUndefined();
    }
  });
});

describe('a credential', () => {
  const GOOD = newSecret();
  const ASKER: WebAsker = {
    ...{ user: 'alice' as WebAsker['user'], role: 'trader', by: 'token', id: 'an id', now: 0 },
    ...{ isWorkload: false, mustChange: false, expiresAt: null, idleExpiresAt: null },
  };

  /** A server that knows one token, and counts how often somebody is looked up. */
  async function openGuarded() {
    const app = Fastify();
    let lookedUp = 0;
    await app.register(cookie);
    answerProblems(app, recordingLogger());
    guard(app, {
      sessionCookie: '__Host-session-test',
      // No request is given back by time.
      now: () => 0,
      lookUpAsker: async ({ secret }) => {
        lookedUp += 1;
        return await Promise.resolve(secret === GOOD ? ASKER : undefined);
      },
    });
    app.get('/', () => 'here');
    const ask = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await app.inject({ url: '/', headers })).statusCode;
    const bearing = (token: string): Promise<number> => ask({ authorization: `Bearer ${token}` });
    return { ask, bearing, lookedUp: () => lookedUp };
  }

  test('that can be none is not looked up', async () => {
    const { ask, bearing, lookedUp } = await openGuarded();
    for (const text of ['', 'x', `${GOOD}x`, 'dt_', `dt_${GOOD}${GOOD}`, "' OR 1=1 --"]) {
      expect(await bearing(text)).toBe(401);
    }
    expect(await ask({ cookie: '__Host-session-test=guess' })).toBe(401);
    expect(lookedUp()).toBe(0);
  });

  test('that is made up costs no query once its network had its requests', async () => {
    const { bearing, lookedUp } = await openGuarded();
    expect(await bearing(GOOD)).toBe(200);
    const statuses = new Set<number>();
    for (let count = 0; count < STRANGER_REQUESTS_PER_MINUTE + 5; count += 1) {
      statuses.add(await bearing(newSecret()));
    }
    expect(statuses).toEqual(new Set([401, 429]));
    expect(lookedUp()).toBe(1 + STRANGER_REQUESTS_PER_MINUTE);
    expect(await bearing(GOOD)).toBe(200);
  });
});

test('two systems have two cookies', () => {
  const [one, other] = [sessionCookieOf('7.1'), sessionCookieOf('7.2')];
  expect(one).toMatch(/^__Host-session-[0-9a-f]{12}$/);
  expect(one).not.toBe(other);
});

test.each([
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.b.localhost', '127.0.0.1', '127.255.1.2', '[::1]'],
])('%s is this machine', (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

test.each([
  ...['example.com', 'localhost.example.com', 'notlocalhost', '127.example.com', '128.0.0.1'],
  ...['[::2]', '127.0.0.1.example.com'],
])('%s is not', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
