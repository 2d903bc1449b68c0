/** HTTP/2 and HTTP/1.1 on one port give the same answers, and a stop lets requests finish. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { manage } from '../../support/management.ts';
import { until } from '../../support/until.ts';
import { openHttp2Visitor, type Http2Visitor } from './http2-visitor.ts';
import { API, type Visitor } from './visitor.ts';
import { openWebSystem, PASSWORD, type WebSystem } from './web-system.ts';

let web: WebSystem;
let modern: Http2Visitor;

beforeAll(async () => {
  web = await openWebSystem();
  modern = await openHttp2Visitor(web);
  await modern.ask('/users', { method: 'POST', body: { user: 'hana', password: PASSWORD } });
}, 240_000);

afterAll(async () => {
  modern.close();
  await web.close();
}, 240_000);

const protocolOf = async (offered: readonly string[]): Promise<string | false | null> =>
  await new Promise((resolve, reject) => {
    const { port, authority } = web;
    const socket = connect(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        ca: authority,
        ALPNProtocols: [...offered],
      },
      () => {
        resolve(socket.alpnProtocol);
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });

type File = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** Loads a file of the client as a browser that reads these encodings. */
const loadFile = async (path: string, encodings: string): Promise<File> =>
  await new Promise((resolve, reject) => {
    const stream = modern.session.request({
      ':path': path,
      accept: 'text/html,*/*',
      'accept-encoding': encodings,
    });
    let headers: IncomingHttpHeaders = {};
    const pieces: Buffer[] = [];
    stream.once('response', (given) => (headers = given));
    stream.on('data', (piece: Buffer) => void pieces.push(piece));
    stream.once('end', () => resolve({ headers, body: Buffer.concat(pieces) }));
    stream.once('error', reject);
  });

test('the client comes compressed to browsers that read it, and is the same to all', async () => {
  const page = (await loadFile('/trade/ABC', 'br')).body.toString();
  const [script = ''] = /\/assets\/[^"]+\.js/.exec(page) ?? [];
  const plain = await loadFile(script, 'identity');
  const brotli = await loadFile(script, 'gzip, deflate, br');
  const gzip = await loadFile(script, 'gzip');
  const encodings = [plain, brotli, gzip].map(({ headers }) => headers['content-encoding']);
  expect(encodings).toEqual([undefined, 'br', 'gzip']);
  expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  expect(brotli.body.length).toBeLessThan(plain.body.length / 2);
  for (const { headers } of [plain, brotli, gzip]) {
    expect(headers).toMatchObject({
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': plain.headers['content-type'],
    });
  }
});

test('a client gets HTTP/2 where it speaks it, and HTTP/1.1 where not', async () => {
  expect(await protocolOf(['h2', 'http/1.1'])).toBe('h2');
  expect(await protocolOf(['http/1.1'])).toBe('http/1.1');
});

test('every route that is read answers both alike', async () => {
  const old = await web.trader('otto');
  const paths = [
    ...['/session', '/sessions', '/tokens', '/portfolio', '/quotes?symbols=ABC', '/log.xml'],
    ...['/quotes/ABC/history?range=1h', '/symbols?q=A', '/history', '/history.csv'],
    ...['/value-history?range=1d', '/admin/users', '/admin/log', '/admin/system', '/no-such-route'],
  ];
  for (const path of paths) {
    const [one, other] = await Promise.all([old.get(path), modern.ask(path)]);
    expect([
      path,
      other.status,
      other.headers['content-type'],
      other.headers['cache-control'],
    ]).toEqual([path, one.status, one.headers['content-type'], one.headers['cache-control']]);
  }
});

test('a write from our own page is done, and one of another site is refused', async () => {
  const add = { command: 'ADD', amount: '12.00' };
  const done = await modern.ask('/commands', {
    method: 'POST',
    body: add,
    headers: { 'idempotency-key': 'first-write' },
  });
  expect([done.status, JSON.parse(done.text)]).toMatchObject([200, { outcome: 'accepted' }]);
  const foreign = await modern.ask('/commands', {
    method: 'POST',
    body: add,
    headers: { 'idempotency-key': 'second-write', origin: 'https://evil.example' },
  });
  expect([foreign.status, JSON.parse(foreign.text)]).toMatchObject([403, { code: 'cross-site' }]);
});

test('eight event streams and a command share one connection, and end with it', async () => {
  const many = await openHttp2Visitor(web);
  await many.ask('/users', { method: 'POST', body: { user: 'mona', password: PASSWORD } });
  const heard: string[] = [];
  // As many as one user may have.
  for (let at = 0; at < 8; at += 1) {
    await many.ask('/events', { onText: (text) => (heard[at] = text) });
  }
  // A stream tells of what happens after it is ready.
  await until(() => heard.filter((text) => text.includes('event: ready')).length === 8, {
    what: 'every stream is ready',
  });
  const answer = await many.ask('/commands', {
    method: 'POST',
    body: { command: 'ADD', amount: '1.00' },
    headers: { 'idempotency-key': 'only-write' },
  });
  expect(answer.status).toBe(200);
  await until(() => heard.filter((text) => text.includes('FundsAdded')).length === 8, {
    what: 'every stream tells of the command',
  });
  expect((await many.ask('/events')).status).toBe(429);
  many.close();
  // The server lets go of the streams of a connection that is gone.
  const again = await openHttp2Visitor(web);
  await again.ask('/session', { method: 'POST', body: { user: 'mona', password: PASSWORD } });
  await until(
    async () => (await again.ask('/events', { onText: () => undefined })).status === 200,
    {
      what: 'there is room for a stream again',
    },
  );
  again.close();
});

describe('a web process that stops', () => {
  test('answers what it was asked before, by both protocols, and ends the event streams', async () => {
    const stopping = await openWebSystem({ assigned: false });
    const speaker = await openHttp2Visitor(stopping);
    const plain: Visitor = await stopping.trader('paul');
    await speaker.ask('/users', { method: 'POST', body: { user: 'sara', password: PASSWORD } });
    const body = { command: 'ADD', amount: '5.00' } as const;
    const streaming = speaker.ask('/events');
    const asked = [
      speaker.ask('/commands', {
        method: 'POST',
        body,
        headers: { 'idempotency-key': 'last-write' },
      }),
      plain.ask(`${API}/commands`, {
        method: 'POST',
        body,
        headers: { 'idempotency-key': 'last-write' },
      }),
    ];
    const { virtualHost } = stopping.consumers.broker;
    await until(async () => (await commandsIn(virtualHost)) === 2, { what: 'both are asked' });
    const stopped = stopping.stopWeb();
    stopping.assign();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await stopped;
    expect((await streaming).status).toBe(200);
    speaker.close();
    await stopping.close();
  }, 240_000);
});

/** Messages that wait in the queues of commands. */
async function commandsIn(virtualHost: string): Promise<number> {
  const queues = (await manage('GET', `queues/${virtualHost}`)) as readonly {
    readonly name: string;
    readonly messages?: number;
  }[];
  return queues
    .filter(({ name }) => name.startsWith('commands.shard.'))
    .reduce((sum, { messages = 0 }) => sum + messages, 0);
}
