/** Attacks that must fail: each would move or show another user's money, or break in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { CommandRequest } from '../../../shared/web-api/command.ts';
import { USER_PATTERN } from '../../../shared/web-api/credential-rules.ts';
import type { PortfolioView } from '../../../shared/web-api/portfolio.ts';
import { listen } from './event-listener.ts';
import { API, type Answer, type Visitor } from './visitor.ts';
import { openWebSystem, PASSWORD, type WebSystem } from './web-system.ts';

let web: WebSystem;
let alice: Visitor;
let mallory: Visitor;

beforeAll(async () => {
  web = await openWebSystem();
  alice = await web.trader('alice');
  mallory = await web.trader('mallory');
  await alice.command({ command: 'ADD', amount: '1000.00' });
  await mallory.command({ command: 'ADD', amount: '10.00' });
}, 240_000);
afterAll(async () => await web.close());

const portfolioOf = async (visitor: Visitor): Promise<PortfolioView> =>
  JSON.parse((await visitor.get('/portfolio')).text) as PortfolioView;

const cookieName = (): string => alice.cookie.split('=')[0] ?? '';

const ADD = { command: 'ADD', amount: '1.00' };
const key = (name: string) => ({ 'idempotency-key': `attack-${name}` });

describe('another’s account', () => {
  test.each([
    ['a user in the body', { ...ADD, user: 'alice' }],
    ['a user id in the body', { ...ADD, userId: 'alice' }],
    ['a number of one’s own choice', { ...ADD, number: 1 }],
    ['an administrator’s flag', { ...ADD, administrator: true, admin: true }],
    ['a prototype', JSON.parse('{"command":"ADD","amount":"1.00","__proto__":{"user":"alice"}}')],
  ])('is not reached by %s', async (name, body: unknown) => {
    const before = await portfolioOf(alice);
    const answer = await mallory.post('/commands', body, key(name.replace(/\W/g, '-')));
    expect([400, 403]).toContain(answer.status);
    expect((await portfolioOf(alice)).balance).toBe(before.balance);
  });

  test('is not shown under another name in the query or the path', async () => {
    for (const path of ['/portfolio?user=alice', '/history?user=alice', '/log.xml?user=alice']) {
      expect((await mallory.get(path)).text).not.toContain('1000.00');
    }
    expect((await mallory.get('/portfolio/alice')).status).toBe(404);
    expect((await mallory.get('/users/alice')).status).toBe(404);
    expect((await portfolioOf(mallory)).user).toBe('mallory');
  });

  test('is not had by one who uses the same key', async () => {
    const headers = key('shared');
    await alice.post('/commands', { command: 'ADD', amount: '3.00' }, headers);
    const answer = await mallory.post('/commands', { command: 'ADD', amount: '4.00' }, headers);
    expect(answer).toMatchObject({ status: 200, body: { balance: 1_400 } });
  });

  test('has its sessions and tokens for itself', async () => {
    const { sessions } = (await alice.get('/sessions')).body as { sessions: { id: string }[] };
    const { id: token } = (await alice.post('/tokens', { name: 'hers' })).body as { id: string };
    expect((await mallory.send('DELETE', `/sessions/${sessions[0]?.id ?? ''}`)).status).toBe(404);
    expect((await mallory.send('DELETE', `/tokens/${token}`)).status).toBe(404);
    expect((await mallory.get('/tokens')).text).not.toContain(token);
    expect((await alice.get('/session')).status).toBe(200);
  });

  test('is not acted for by another’s token under the owner’s name', async () => {
    const { token } = (await mallory.post('/tokens', { name: 'his' })).body as { token: string };
    const authorization = `Basic ${Buffer.from(`alice:${token}`).toString('base64')}`;
    const answer = await web.visitor().ask(`${API}/portfolio`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  });
});

describe('what a token or a stream is given', () => {
  test('is no new password, and no other token', async () => {
    const { token } = (await mallory.post('/tokens', { name: 'lasting' })).body as {
      token: string;
    };
    const headers = { authorization: `Bearer ${token}` };
    const visitor = web.visitor();
    const body = { current: PASSWORD, next: 'another horse battery' };
    const change = await visitor.ask(`${API}/password`, { method: 'PUT', body, headers });
    expect(change).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await visitor.post('/tokens', { name: 'more' }, headers)).status).toBe(403);
  });

  test('is nothing of another’s, from wherever it is resumed', async () => {
    expect((await mallory.get('/events?user=alice')).status).toBe(400);
    const stream = await listen(web, mallory, '0');
    await alice.command({ command: 'ADD', amount: '7.77' });
    await mallory.command({ command: 'ADD', amount: '0.01' });
    const told: number[] = [];
    await stream.next('entry', ({ balance }: { balance: number }) => {
      told.push(balance);
      return balance === 1;
    });
    expect(told).not.toContain(777);
    const own = await stream.next('portfolio', ({ user }: PortfolioView) => user !== '');
    expect(own.user).toBe('mallory');
    stream.close();
  });
});

describe('what opens a session', () => {
  test.each([
    ['nothing', ''],
    ['an empty one', 'NAME='],
    ['a guess', `NAME=${'A'.repeat(43)}`],
    ['the name of a user', 'NAME=alice'],
    ['SQL', "NAME=' OR '1'='1"],
    ['a very long one', `NAME=${'x'.repeat(4_000)}`],
    ['bytes that are none', 'NAME=%00%ff'],
  ])('is no forged cookie: %s', async (_name, cookie) => {
    const visitor = web.visitor();
    visitor.cookie = cookie.replace('NAME', cookieName());
    expect((await visitor.get('/portfolio')).status).toBe(401);
  });

  test('is not a cookie with one letter changed, nor its hash', async () => {
    const [name = '', value = ''] = alice.cookie.split('=');
    const flipped = value.startsWith('A') ? `B${value.slice(1)}` : `A${value.slice(1)}`;
    const { rows } = await web.consumers.pool.query<{ hash: string }>(
      `SELECT encode(token_hash, 'hex') AS hash FROM web_sessions WHERE user_id = 'alice'`,
    );
    for (const forged of [flipped, rows[0]?.hash ?? '', value.slice(0, -1)]) {
      const visitor = web.visitor();
      visitor.cookie = `${name}=${forged}`;
      expect((await visitor.get('/portfolio')).status).toBe(401);
    }
  });

  test('is stored nowhere: not in the database, not in the log', async () => {
    const secret = alice.cookie.split('=')[1] ?? '';
    const { rows } = await web.consumers.pool.query<{ row: string }>(
      `SELECT s::text AS row FROM web_sessions s UNION ALL SELECT u::text FROM web_users u
       UNION ALL SELECT l::text FROM web_log l`,
    );
    const stored = rows.map(({ row }) => row).join('\n');
    const logged = web.logged();
    expect(logged).toContain('request answered');
    for (const text of [stored, logged]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(PASSWORD);
    }
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  test('is not a planted cookie: signing in gives another', async () => {
    const visitor = web.visitor();
    visitor.cookie = `${cookieName()}=${'planted'.repeat(6)}`;
    await visitor.post('/session', { user: 'mallory', password: PASSWORD });
    expect(visitor.cookie).not.toContain('planted');
  });

  test('is not guessed: after ten failures guesses are slowed down, and the owner still gets in', async () => {
    await web.trader('victim');
    const startedAt = performance.now();
    for (let guess = 0; guess < 13; guess += 1) {
      const body = { user: 'victim', password: `wrong guess ${guess}` };
      expect((await web.visitor().post('/session', body)).status).toBe(401);
    }
    // The twelfth starts a second after the eleventh, the thirteenth a little more after that.
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
    const right = { user: 'victim', password: PASSWORD };
    expect((await web.visitor().post('/session', right)).status).toBe(200);
  });

  test('is not guessed by many at once: most are refused for now', async () => {
    await web.trader('crowded');
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, guess) =>
        web.visitor().post('/session', { user: 'crowded', password: `wrong guess ${guess}` }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(15);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('is had by the owner, however many others fail behind the same address', async () => {
    await web.trader('neighbour');
    await web.consumers.pool.query(
      `INSERT INTO web_log (event, user_id, address, network)
       SELECT 'sign-in-failed', 'neighbour-of-' || n, '127.0.0.1', '127.0.0.1'
         FROM generate_series(1, 200) AS n`,
    );
    const right = { user: 'neighbour', password: PASSWORD };
    expect((await web.visitor().post('/session', right)).status).toBe(200);
    await web.consumers.pool.query(
      `DELETE FROM web_log WHERE event = 'sign-in-failed' AND network = '127.0.0.1'`,
    );
  });

  test('takes as long for a name that does not exist', async () => {
    const time = async (user: string): Promise<number> => {
      const startedAt = performance.now();
      const answer = await web.visitor().post('/session', { user, password: 'not the right one' });
      expect(answer).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
      return performance.now() - startedAt;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    // In turns, each name once: a busy machine then slows both, and no name is slowed for being guessed at.
    for (const pair of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await web.trader(`known-${pair}`);
      known.push(await time(`known-${pair}`));
      unknown.push(await time(`unknown-${pair}`));
    }
    // Without the work it would be a tenth.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });
});

describe('another site', () => {
  test.each([
    ['its origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['our host without TLS', { origin: 'http://localhost' }],
    ['another port of ours', { origin: 'https://localhost:1' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site', origin: undefined }],
    ['a same-site neighbour', { 'sec-fetch-site': 'same-site', origin: undefined }],
    ['no word of where it is', { origin: undefined }],
  ])('gives no commands with the user’s cookie: %s', async (name, headers) => {
    const all = { ...key(name.replace(/\W/g, '-')), ...headers };
    const answer = await alice.post('/commands', ADD, all);
    expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site' } });
  });

  test('signs nobody in or out', async () => {
    const headers = { origin: 'https://evil.example' };
    const body = { user: 'mallory', password: PASSWORD };
    expect((await web.visitor().post('/session', body, headers)).status).toBe(403);
    const out = await alice.ask(`${API}/session`, { method: 'DELETE', headers });
    expect(out.status).toBe(403);
  });

  test('sends no form: a body that is not JSON is refused', async () => {
    const headers = { ...key('form-post'), 'content-type': 'text/plain' };
    const answer = await alice.ask(`${API}/commands`, {
      method: 'POST',
      text: JSON.stringify(ADD),
      headers,
    });
    expect(answer.status).toBe(415);
  });

  test('frames no page, and runs no script in one', async () => {
    const { headers } = await web.visitor().ask('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    // Other programs of this machine may serve plain HTTP under its name.
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('is not reached by plain HTTP under a name of ours, loopback names excepted', async () => {
    const policyAt = async (host: string): Promise<unknown> =>
      (await web.visitor().ask('/health', { headers: { host } })).headers[
        'strict-transport-security'
      ];
    expect(await policyAt('trade.example:8443')).toBe('max-age=31536000');
    for (const host of ['localhost:1', 'a.localhost', 'LOCALHOST.', '127.8.9.1:2', '[::1]:3']) {
      expect([host, await policyAt(host)]).toEqual([host, undefined]);
    }
  });
});

const NASTY: readonly string[] = [
  "' OR 1=1 --",
  "'; DROP TABLE accounts; --",
  '<script>alert(1)</script>',
  '{"$gt":""}',
  '\u0000',
  '../../etc/passwd',
  '%2e%2e%2f',
  '=HYPERLINK("http://evil")',
  'ſſſ',
  '１００',
  '1e9',
  '-1',
  '0',
  '9'.repeat(400),
];

const signingAs = async (user: string): Promise<readonly Answer[]> => [
  await web.visitor().post('/users', { user, password: PASSWORD }),
  await web.visitor().post('/session', { user, password: PASSWORD }),
];

describe('SQL and script', () => {
  test('in each field of each command are refused, and nothing changes', async () => {
    const before = await portfolioOf(alice);
    const bodies = NASTY.flatMap((nasty) => [
      { command: nasty },
      { command: 'ADD', amount: nasty },
      { command: 'BUY', symbol: nasty, amount: '1.00' },
      { command: 'SELL', symbol: 'ABC', amount: nasty },
      { command: 'QUOTE', symbol: nasty },
      { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: nasty },
    ]);
    for (const [index, body] of bodies.entries()) {
      const answer = await alice.post('/commands', body, key(`nasty-${index}`));
      expect({ body, status: answer.status }).toEqual({ body, status: 400 });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
    expect(await portfolioOf(alice)).toMatchObject({ balance: before.balance, holdings: [] });
  });

  test('in keys, names, queries, cursors and ids are refused or found nowhere', async () => {
    for (const nasty of NASTY) {
      const coded = encodeURIComponent(nasty);
      // Some of them are good names: those sign up as anybody does.
      const isName = new RegExp(USER_PATTERN).test(nasty);
      const answers = [
        ...(isName ? [] : await signingAs(nasty)),
        await alice.get(`/quotes?symbols=${coded}`),
        await alice.get(`/quotes/${coded}/history`),
        await alice.get(`/history?cursor=${coded}.`),
        await alice.get(`/history?symbol=${coded}`),
        await alice.send('DELETE', `/sessions/${coded}`),
        await alice.get(`/symbols?q=${coded}`),
      ];
      for (const { status, text } of answers) {
        expect({ nasty, text, refused: [400, 404].includes(status) }).toMatchObject({
          refused: true,
        });
        expect(text).not.toMatch(/syntax error|stack|node_modules/);
      }
      const search = await alice.get(`/history?q=${coded.slice(0, 40)}`);
      expect([200, 400]).toContain(search.status);
    }
    const { rows } = await web.consumers.pool.query(`SELECT FROM accounts`);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('in a token’s name come back as they are, in JSON that no browser takes for a page', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await alice.post('/tokens', { name });
    expect((await alice.post('/tokens', { name: 'a\u0000b' })).status).toBe(400);
    const { headers, text } = await alice.get('/tokens');
    expect(headers['content-type']).toContain('application/json');
    expect(text).toContain(name);
  });
});

describe('paths', () => {
  test.each([
    ['../x', 'file-name-invalid'],
    ['/etc/passwd', 'file-name-invalid'],
    ['./../../x', 'file-name-invalid'],
    ['a/../../x', 'file-name-invalid'],
    ['..', 'file-name-invalid'],
    ['~/x/../../..', 'file-name-invalid'],
    ['a\u0000b', 'request-invalid'],
    // A backslash is a character like others: this names a file inside the folder.
    ['..\\x', undefined],
  ])('of a dump cannot leave the folder: %s', async (file, code) => {
    const answer = await alice.post(
      '/commands',
      { command: 'DUMPLOG', file },
      key(`path-${Buffer.from(file).toString('hex')}`),
    );
    expect(answer.body).toMatchObject(code === undefined ? { outcome: 'accepted' } : { code });
    expect(existsSync(join(web.consumers.home, 'x'))).toBe(false);
  });

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/assets/../../../package.json',
    '/%2e%2e/x',
  ])('of a file reach nothing but the client: %s', async (path) => {
    const answer = await web.visitor().ask(path);
    expect(answer.text).not.toContain('"dependencies"');
    expect([400, 403, 404]).toContain(answer.status);
  });
});

describe('what administrators have', () => {
  test.each([
    ['GET', '/admin/users'],
    ['GET', '/admin/system'],
    ['GET', '/admin/operations'],
    ['GET', '/admin/parked'],
    ['GET', '/admin/log'],
    ['GET', '/admin/log.xml'],
    ['POST', '/admin/users'],
    ['POST', '/admin/users/alice/password'],
    ['POST', '/admin/parked/1/replay'],
  ])('is nothing for a trader: %s %s', async (method, path) => {
    const isHandingOut = method === 'POST' && path === '/admin/users';
    const body = isHandingOut ? { user: 'x', role: 'administrator' } : undefined;
    const answer = await mallory.send(method, path, body);
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await web.visitor().send(method, path, body)).status).toBe(401);
  });

  test('the whole log is dumped for no trader', async () => {
    const command: CommandRequest = { command: 'DUMPLOG', file: 'all.xml', scope: 'all' };
    expect(await mallory.command(command)).toMatchObject({ code: 'not-administrator' });
  });

  test('a trader does not become one by signing up as one', async () => {
    const body = { user: 'climber', password: PASSWORD, role: 'administrator' };
    expect((await web.visitor().post('/users', body)).status).toBe(400);
  });
});

describe('all at once', () => {
  test('thirty commits of one order buy once', async () => {
    const trader = await web.trader('racer');
    await trader.command({ command: 'ADD', amount: '100.00' });
    await trader.command({ command: 'BUY', symbol: 'RAC', amount: '50.00' });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => trader.command({ command: 'COMMIT_BUY' })),
    );
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(await portfolioOf(trader)).toMatchObject({ balance: 5_000, held: 0, value: 10_000 });
  });

  test('ten of one key, by two sessions, are one command', async () => {
    const first = await web.trader('replayed');
    const second = web.visitor();
    await second.post('/session', { user: 'replayed', password: PASSWORD });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? first : second).post(
          '/commands',
          { command: 'ADD', amount: '5.00' },
          key('replayed'),
        ),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await portfolioOf(first)).balance).toBe(500);
  });

  test('money is spent once, however many orders want it', async () => {
    const trader = await web.trader('spender');
    await trader.command({ command: 'ADD', amount: '100.00' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        trader.command({ command: 'BUY', symbol: 'SPD', amount: '30.00' }),
      ),
    );
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(3);
    expect(await portfolioOf(trader)).toMatchObject({ held: 9_000, available: 1_000 });
  });

  test('one name is signed up once', async () => {
    const body = { user: 'twins', password: PASSWORD };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => web.visitor().post('/users', body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test('a body that is too large is refused, and so is what is no HTTP', async () => {
    const text = JSON.stringify({ command: 'ADD', amount: '1'.repeat(20_000) });
    const answer = await alice.ask(`${API}/commands`, {
      method: 'POST',
      text,
      headers: key('large'),
    });
    expect(answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
    expect(await raw('GARBAGE\r\n\r\n')).toContain('400');
    const smuggled =
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await raw(smuggled)).toContain('400');
  });

  // The last: its address may sign nobody up for a while.
  test('a flood of sign-ups is slowed down, and those signed in go on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => web.visitor().post('/users', { user: '!', password: '?' })),
    );
    const refused = answers.find(({ status }) => status === 429);
    expect(refused).toMatchObject({ body: { code: 'too-many-requests' } });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await alice.get('/session')).status).toBe(200);
  });
});

/** Resolves to the answer to bytes that no HTTP library would send. */
async function raw(text: string): Promise<string> {
  const socket = connect({
    port: web.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: web.authority,
  });
  let answer = '';
  socket.on('data', (piece: Buffer) => (answer += piece.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(text);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return answer;
}
