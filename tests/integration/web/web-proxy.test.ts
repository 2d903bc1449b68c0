/** A proxy that stores every answer that it may stores nothing personal. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCachingProxy, type CachingProxy } from './caching-proxy.ts';
import { API, type Visitor } from './visitor.ts';
import { openWebSystem, type WebSystem } from './web-system.ts';

let web: WebSystem;
let proxy: CachingProxy;
let trader: Visitor;

beforeAll(async () => {
  web = await openWebSystem();
  trader = await web.trader('private');
  await trader.command({ command: 'ADD', amount: '4711.00' });
  proxy = openCachingProxy(web);
}, 240_000);
afterAll(async () => await web.close());

const PERSONAL = [
  'session',
  'sessions',
  'tokens',
  'portfolio',
  'history',
  'history?of=commands',
  'history.csv',
  'log.xml',
  'value-history',
  'quotes?symbols=ABC',
  'symbols?q=A',
  'admin/users',
].map((path) => `${API}/${path}`);

test('nothing personal is stored, nor is a refusal', async () => {
  for (const path of PERSONAL) {
    await proxy.get(path, trader.cookie);
    await proxy.get(path, '');
  }
  expect(proxy.stored()).toEqual([]);
});

test('another person behind the proxy gets their own answer', async () => {
  const mine = await proxy.get(`${API}/portfolio`, trader.cookie);
  const other = await web.trader('neighbour');
  const theirs = await proxy.get(`${API}/portfolio`, other.cookie);
  expect(mine).toContain('471100');
  expect(theirs).not.toContain('471100');
  expect(await proxy.get(`${API}/portfolio`, '')).toContain('signed-out');
});

test('the client’s files are stored, its page is asked for again', async () => {
  const page = await proxy.get('/', '');
  const asset = /\/assets\/[^"]+\.js/.exec(page)?.[0] ?? '';
  expect(asset).not.toBe('');
  await proxy.get(asset, '');
  expect(proxy.stored()).toEqual([asset]);
});
