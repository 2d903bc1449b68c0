/** Uses the API as a client does, over TLS, with real consumers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Check } from 'typebox/value';
import { COMMAND_ANSWER } from '../../../shared/web-api/command.ts';
import { HISTORY, type History } from '../../../shared/web-api/history.ts';
import { SYSTEM_VIEW, USER_LIST, type HandedOut } from '../../../shared/web-api/admin.ts';
import { INBOX } from '../../../shared/web-api/inbox.ts';
import { PORTFOLIO, type PortfolioView } from '../../../shared/web-api/portfolio.ts';
import {
  QUOTE_HISTORY,
  QUOTE_LIST,
  VALUE_HISTORY,
  WATCHLIST,
} from '../../../shared/web-api/quote.ts';
import { SESSION, SESSION_LIST } from '../../../shared/web-api/session.ts';
import type { Schema } from '../../../shared/web-api/schema.ts';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';
import { shardOf } from '../../../shared/domain/shard.ts';
import { commandsExchange, shardKey } from '../../../shared/messages/address.ts';
import { renderCommandMessage } from '../../../shared/messages/command-message.ts';
import { createAdministrator } from '../../../infra/cli/admin.ts';
import { userOf } from '../../support/quote-names.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { Producer } from '../../support/run-commands.ts';
import { until } from '../../support/until.ts';
import { MISSED_ENTRIES_MAX } from '../../../producers/web/server/parts/limits.ts';
import { listen } from './event-listener.ts';
import type { Answer, Visitor } from './visitor.ts';
import { openWebSystem, PASSWORD, type WebSystem } from './web-system.ts';

let web: WebSystem;

beforeAll(async () => {
  web = await openWebSystem();
}, 240_000);
afterAll(async () => await web.close());

/** Compares the answer of a route with the contract. */
function bodyOf<Value>(answer: Answer, schema: Schema<Value>, status = 200): Value {
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
  const body: unknown = JSON.parse(answer.text);
  expect(Check(schema, body)).toBe(true);
  return body as Value;
}

const administrator = async (name: string): Promise<Visitor> => {
  const password = await createAdministrator(web.consumers.pool, userOf(name));
  const visitor = web.visitor();
  bodyOf(await visitor.post('/session', { user: name, password }), SESSION);
  return visitor;
};

describe('signing in', () => {
  test('a session is a cookie that only our own page gets, and a new one at each sign-in', async () => {
    const visitor = await web.trader('sara');
    const first = visitor.cookie;
    const answer = await visitor.post('/session', { user: 'sara', password: PASSWORD });
    const [set = ''] = answer.headers['set-cookie'] ?? [];
    for (const part of ['__Host-session-', 'Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) {
      expect(set).toContain(part);
    }
    expect(set).not.toContain('Domain');
    expect(visitor.cookie).not.toBe(first);
    const old = web.visitor();
    old.cookie = first;
    expect((await old.get('/session')).status).toBe(401);
  });

  test('signing out ends the session', async () => {
    const visitor = await web.trader('otto');
    const { cookie } = visitor;
    expect((await visitor.send('DELETE', '/session')).status).toBe(204);
    visitor.cookie = cookie;
    expect((await visitor.get('/session')).status).toBe(401);
  });

  test('a user who has signed out was seen', async () => {
    const visitor = await web.trader('selma');
    await visitor.send('DELETE', '/session');
    const admin = await administrator('watcher');
    const { users } = bodyOf(await admin.get('/admin/users?q=selma'), USER_LIST);
    expect(users).toMatchObject([{ user: 'selma', lastSeenAt: expect.any(Number) }]);
  });

  test('an administrator ends the sessions of a user, whose tokens stay', async () => {
    const visitor = await web.trader('Edda');
    const { body } = await visitor.post('/tokens', { name: 'stays' });
    const admin = await administrator('ender');
    const { users } = bodyOf(await admin.get('/admin/users?q=DD'), USER_LIST);
    expect(users).toMatchObject([{ user: 'Edda' }]);
    expect((await admin.send('DELETE', '/admin/users/Edda/sessions')).status).toBe(204);
    expect((await visitor.get('/session')).status).toBe(401);
    const headers = { authorization: `Bearer ${String(body['token'])}` };
    expect((await web.visitor().ask('/api/v1/session', { headers })).status).toBe(200);
    expect((await admin.send('DELETE', '/admin/users/nobody/sessions')).status).toBe(404);
  });

  test('a new password ends the other sessions and the tokens', async () => {
    const visitor = await web.trader('paula');
    const other = web.visitor();
    await other.post('/session', { user: 'paula', password: PASSWORD });
    const { body } = await visitor.post('/tokens', { name: 'test' });
    const next = 'another good one';
    const changed = await visitor.send('PUT', '/password', { current: PASSWORD, next });
    bodyOf(changed, SESSION);
    expect((await other.get('/session')).status).toBe(401);
    const bearer = { authorization: `Bearer ${String(body['token'])}` };
    const byToken = await web.visitor().ask('/api/v1/session', { headers: bearer });
    expect(byToken.status).toBe(401);
    bodyOf(await visitor.get('/session'), SESSION);
  });

  test('sessions are listed, and one is ended by its id', async () => {
    const visitor = await web.trader('lisa');
    const other = web.visitor();
    await other.post('/session', { user: 'lisa', password: PASSWORD });
    const { sessions } = bodyOf(await visitor.get('/sessions'), SESSION_LIST);
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    const id = sessions.find(({ current }) => !current)?.id ?? '';
    expect((await visitor.send('DELETE', `/sessions/${id}`)).status).toBe(204);
    expect((await other.get('/session')).status).toBe(401);
  });

  test('all other sessions are ended at once, and those of nobody else', async () => {
    const [visitor, stranger] = [await web.trader('liam'), await web.trader('mia')];
    const others = [web.visitor(), web.visitor()];
    for (const other of others) await other.post('/session', { user: 'liam', password: PASSWORD });
    expect((await visitor.send('DELETE', '/sessions')).status).toBe(204);
    for (const other of others) expect((await other.get('/session')).status).toBe(401);
    for (const each of [visitor, stranger]) expect((await each.get('/session')).status).toBe(200);
    const { sessions } = bodyOf(await visitor.get('/sessions'), SESSION_LIST);
    expect(sessions.map(({ current }) => current)).toEqual([true]);
  });

  test('a token is a bearer or the password of HTTP Basic, and is revoked', async () => {
    const visitor = await web.trader('toni');
    const { body } = await visitor.post('/tokens', { name: 'script', days: 1 });
    const token = String(body['token']);
    const basic = `Basic ${Buffer.from(`toni:${token}`).toString('base64')}`;
    for (const authorization of [`Bearer ${token}`, basic]) {
      const answer = await web.visitor().ask('/api/v1/session', { headers: { authorization } });
      expect(bodyOf(answer, SESSION)).toMatchObject({ user: 'toni', by: 'token' });
    }
    expect((await visitor.send('DELETE', `/tokens/${String(body['id'])}`)).status).toBe(204);
    const headers = { authorization: basic };
    expect((await web.visitor().ask('/api/v1/session', { headers })).status).toBe(401);
  });

  test('a name with commands from a workload is handed out by an administrator alone', async () => {
    await web.consumers.requester.ask(new Producer('run:names').message('ADD,wanda,5.00'));
    const visitor = web.visitor();
    const taken = await visitor.post('/users', { user: 'wanda', password: PASSWORD });
    expect(taken).toMatchObject({ status: 409, body: { code: 'name-taken' } });
    const admin = await administrator('boss');
    const handed = await admin.post('/admin/users', { user: 'wanda' });
    expect(handed.status).toBe(201);
    const { password } = handed.body as HandedOut;
    const session = bodyOf(await visitor.post('/session', { user: 'wanda', password }), SESSION);
    expect(session.passwordChangeNeeded).toBe(true);
    const refused = await visitor.get('/portfolio');
    expect(refused).toMatchObject({ status: 403, body: { code: 'password-change-needed' } });
    await visitor.send('PUT', '/password', { current: password, next: PASSWORD });
    const portfolio = bodyOf(await visitor.get('/portfolio'), PORTFOLIO);
    expect(portfolio).toMatchObject({ balance: 500, opened: true });
  });
});

describe('trading', () => {
  test('a buy is held, committed, valued and written down', async () => {
    const trader = await web.trader('bert');
    await trader.command({ command: 'ADD', amount: '100.00' });
    const bought = await trader.command({ command: 'BUY', symbol: 'abc', amount: '25.00' });
    expect(Check(COMMAND_ANSWER, bought)).toBe(true);
    expect(bought).toMatchObject({
      outcome: 'accepted',
      order: { side: 'buy', symbol: 'ABC', shares: 2, price: 1_000, cost: 2_000 },
    });
    const held = bodyOf(await trader.get('/portfolio'), PORTFOLIO);
    expect(held).toMatchObject({ balance: 10_000, held: 2_000, available: 8_000 });
    expect(held.orders).toMatchObject([{ side: 'buy', next: true, cost: 2_000 }]);
    await trader.command({ command: 'COMMIT_BUY' });
    const after = bodyOf(await trader.get('/portfolio'), PORTFOLIO);
    expect(after).toMatchObject({ balance: 8_000, held: 0, value: 10_000, profit: 0 });
    expect(after.holdings).toMatchObject([{ symbol: 'ABC', shares: 2, averageCost: 1_000 }]);
    const { items } = bodyOf(await trader.get('/history'), HISTORY);
    expect(items.map(({ type }) => type)).toEqual(['BuyCommitted', 'FundsAdded']);
    bodyOf(await trader.get('/value-history?range=all'), VALUE_HISTORY);
    const { day } = bodyOf(await trader.get('/quotes/ABC/history?range=1h'), QUOTE_HISTORY);
    expect(day).toEqual({ low: 1_000, high: 1_000 });
    const none = bodyOf(await trader.get('/quotes/NIL/history'), QUOTE_HISTORY);
    expect(none).toMatchObject({ day: null, points: [] });
  });

  test('the curve of the value begins with the first deposit, however soon the next movement came', async () => {
    const trader = await web.trader('vera');
    await trader.command({ command: 'ADD', amount: '100.00' });
    await trader.command({ command: 'ADD', amount: '50.00' });
    // An hour later, both are within the first of the curve's parts.
    await web.consumers.pool.query("UPDATE ledger SET at = at - 3600000 WHERE user_id = 'vera'");
    const { points } = bodyOf(await trader.get('/value-history?range=all'), VALUE_HISTORY);
    expect(points[0]).toMatchObject({ value: 10_000, deposited: 10_000 });
    expect(points.at(-1)).toMatchObject({ value: 15_000, deposited: 15_000 });
  });

  test('the portfolio of a past time is that of its user then', async () => {
    const [trader, stranger] = [await web.trader('petra'), await web.trader('pavel')];
    await trader.command({ command: 'ADD', amount: '100.00' });
    const before = bodyOf(await trader.get('/portfolio'), PORTFOLIO);
    await trader.command({ command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '30.00' });
    await trader.command({ command: 'ADD', amount: '5.00' });
    const after = bodyOf(await trader.get('/portfolio'), PORTFOLIO);
    const past = bodyOf(await trader.get(`/portfolio?at=${before.now}`), PORTFOLIO);
    expect(past).toMatchObject({
      now: before.now,
      balance: 10_000,
      reserved: 0,
      deposited: 10_000,
    });
    const later = bodyOf(await trader.get(`/portfolio?at=${after.now}`), PORTFOLIO);
    expect(later).toMatchObject({ balance: 7_500, reserved: 3_000, value: 10_500, triggers: [] });
    const none = await stranger.get(`/portfolio?at=${before.now}`);
    expect(none).toMatchObject({ status: 422, body: { code: 'time-unknown' } });
    const future = await trader.get(`/portfolio?at=${after.now + 3_600_000}`);
    expect(future).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/^it is 2/) },
    });
    for (const odd of ['yesterday', '-1']) {
      expect(await trader.get(`/portfolio?at=${odd}`)).toMatchObject({ status: 400 });
    }
  });

  test('the same key gets the first outcome and has no second effect', async () => {
    const trader = await web.trader('karl');
    const add = { command: 'ADD', amount: '1.00' } as const;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => trader.command(add, 'the-very-key')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(bodyOf(await trader.get('/portfolio'), PORTFOLIO).balance).toBe(100);
    const headers = { 'idempotency-key': 'the-very-key' };
    const other = await trader.post('/commands', { command: 'ADD', amount: '2.00' }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'key-reused' } });
  });

  test('looking at quotes causes no hit', async () => {
    const trader = await web.trader('quinn');
    const hits = web.consumers.legacy.hits.length;
    bodyOf(await trader.get('/quotes?symbols=NEW,OLD'), QUOTE_LIST);
    await trader.get('/symbols?q=NEW');
    await trader.get('/quotes/NEW/history');
    expect(web.consumers.legacy.hits).toHaveLength(hits);
    await trader.command({ command: 'QUOTE', symbol: 'NEW' });
    expect(web.consumers.legacy.hits).toHaveLength(hits + 1);
    const { quotes } = bodyOf(await trader.get('/quotes?symbols=NEW,OLD'), QUOTE_LIST);
    expect(quotes).toMatchObject([{ symbol: 'NEW', price: 1_000, fresh: true }]);
  });

  test('history is paged, filtered, searched and exported', async () => {
    const trader = await web.trader('hans');
    for (const amount of ['1.00', '2.00', '3.00', '4.00', '5.00']) {
      await trader.command({ command: 'ADD', amount });
    }
    const first = bodyOf(await trader.get('/history?limit=2'), HISTORY);
    const second = bodyOf(
      await trader.get(`/history?limit=3&cursor=${String(first.next)}`),
      HISTORY,
    );
    const amounts = [...first.items, ...second.items].map(
      (item) => 'balance' in item && item.balance,
    );
    expect(amounts).toEqual([500, 400, 300, 200, 100]);
    expect(second.next).toBeNull();
    const balances = [...first.items, ...second.items].map(
      (item) => 'balanceAfter' in item && item.balanceAfter,
    );
    expect(balances).toEqual([1_500, 1_000, 600, 300, 100]);
    const grown = bodyOf(await trader.get('/history?q=FundsAdded&limit=1'), HISTORY);
    expect(grown.items).toMatchObject([{ balance: 500, balanceAfter: 1_500 }]);
    await trader.command({ command: 'COMMIT_SELL' });
    const rejected = await until(
      async () => {
        const answer = await trader.get('/history?of=commands&outcome=rejected');
        const page = JSON.parse(answer.text) as History;
        return page.items.length > 0 && page;
      },
      { what: 'the rejected command is in the log' },
    );
    expect(rejected.items).toMatchObject([
      { type: 'COMMIT_SELL', outcome: 'rejected', status: 'refused' },
    ]);
    const csv = await trader.get('/history.csv');
    expect(csv.text.split('\r\n')).toHaveLength(7);
    expect(csv.text).toContain(',cash change,cash after,');
    expect(csv.text).toContain(',FundsAdded,,,5.00,15.00,0.00,0,0');
    const log = await trader.get('/log.xml');
    expect(log.text.match(/<userCommand>/g)).toHaveLength(6);
    expect(Number(log.headers['x-log-events'])).toBe(log.text.match(/<timestamp>/g)?.length);
  });
});

test('the list of commands says what became of each order', async () => {
  const trader = await web.trader('orla');
  await trader.command({ command: 'ADD', amount: '100.00' });
  await trader.command({ command: 'BUY', symbol: 'ABC', amount: '25.00' });
  await trader.command({ command: 'BUY', symbol: 'ABC', amount: '35.00' });
  await trader.command({ command: 'COMMIT_BUY' });
  await trader.command({ command: 'CANCEL_BUY' });
  await trader.command({ command: 'SELL', symbol: 'ABC', amount: '10.00' });
  const { items } = await until(
    async () => {
      const page = JSON.parse((await trader.get('/history?of=commands')).text) as History;
      return page.items.length === 6 && page;
    },
    { what: 'every command is in the log' },
  );
  const three = { symbol: 'ABC', shares: 3, price: 1_000, total: 3_000, status: 'committed' };
  const two = { symbol: 'ABC', shares: 2, price: 1_000, total: 2_000, status: 'cancelled' };
  expect(items).toMatchObject([
    { type: 'SELL', shares: 1, amount: 1_000, total: 1_000, status: 'pending' },
    { type: 'CANCEL_BUY', ...two, amount: null },
    { type: 'COMMIT_BUY', ...three, amount: null },
    { type: 'BUY', ...three, amount: 3_500 },
    { type: 'BUY', ...two, amount: 2_500 },
    { type: 'ADD', shares: null, price: null, amount: 10_000, total: null, status: 'done' },
  ]);
  const csv = await trader.get('/history.csv?of=commands');
  expect(csv.text).toContain(',BUY,ABC,3,10.00,35.00,30.00,committed,');
});

test('a trigger that fired is in the inbox, and unread until it is read', async () => {
  const trader = await web.trader('inga');
  await trader.command({ command: 'ADD', amount: '100.00' });
  const fire = async (): Promise<void> => {
    await trader.command({ command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '25.00' });
    await trader.command({ command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: '10.00' });
  };
  const unread = async (): Promise<number> =>
    bodyOf(await trader.get('/portfolio'), PORTFOLIO).unreadFirings;
  expect(await unread()).toBe(0);
  await fire();
  expect(await unread()).toBe(1);
  const { items } = bodyOf(await trader.get('/inbox'), INBOX);
  expect(items).toMatchObject([
    { symbol: 'ABC', side: 'buy', shares: 2, price: 1_000, traded: -2_000, unread: true },
  ]);
  // An id that is still to come marks nothing that is.
  for (const readUpTo of [items[0]?.id ?? '', '999999999999999999']) {
    expect((await trader.send('PUT', '/inbox', { readUpTo })).status).toBe(204);
    expect(await unread()).toBe(0);
  }
  await fire();
  expect(await unread()).toBe(1);
  const again = bodyOf(await trader.get('/inbox'), INBOX);
  expect(again.items.map((item) => item.unread)).toEqual([true, false]);
});

test('a watchlist has what is known of its stocks, and causes no hit', async () => {
  const trader = await web.trader('wilma');
  await trader.command({ command: 'QUOTE', symbol: 'ABC' });
  const { hits } = web.consumers.legacy;
  const before = hits.length;
  for (const symbol of ['abc', 'NEV', 'ABC']) {
    expect((await trader.send('PUT', `/watchlist/${symbol}`)).status).toBe(204);
  }
  const { stocks } = bodyOf(await trader.get('/watchlist'), WATCHLIST);
  expect(stocks).toMatchObject([
    { symbol: 'ABC', quote: { price: 1_000 } },
    { symbol: 'NEV', quote: null, points: [] },
  ]);
  expect(stocks[0]?.points.at(-1)?.price).toBe(1_000);
  expect((await trader.send('DELETE', '/watchlist/ABC')).status).toBe(204);
  const rest = bodyOf(await trader.get('/watchlist'), WATCHLIST);
  expect(rest.stocks.map(({ symbol }) => symbol)).toEqual(['NEV']);
  expect(hits).toHaveLength(before);
  const other = await web.trader('otmar');
  expect(bodyOf(await other.get('/watchlist'), WATCHLIST).stocks).toEqual([]);
});

describe('events', () => {
  test('tell of trades, and after a break of what happened meanwhile', async () => {
    const trader = await web.trader('eva');
    await trader.command({ command: 'ADD', amount: '50.00' });
    const first = await listen(web, trader);
    await first.next('ready');
    await first.next('portfolio', ({ balance }: PortfolioView) => balance === 5_000);
    await trader.command({ command: 'ADD', amount: '1.00' });
    await first.next('entry', ({ balance }: { balance: number }) => balance === 100);
    const { lastId } = first;
    first.close();
    await trader.command({ command: 'ADD', amount: '2.00' });
    await trader.command({ command: 'ADD', amount: '3.00' });
    const again = await listen(web, trader, lastId());
    expect(await again.next('ready')).toMatchObject({ resumed: true });
    expect(await again.next('entry')).toMatchObject({ balance: 200 });
    expect(await again.next('entry')).toMatchObject({ balance: 300 });
    again.close();
  });

  test('say that there is more where more was missed than is told again', async () => {
    const trader = await web.trader('mira');
    await trader.command({ command: 'ADD', amount: '50.00' });
    const first = await listen(web, trader);
    await first.next('ready');
    const { lastId } = first;
    first.close();
    const add = (): Promise<unknown> => trader.command({ command: 'ADD', amount: '1.00' });
    await Promise.all(Array.from({ length: MISSED_ENTRIES_MAX + 1 }, add));
    const again = await listen(web, trader, lastId());
    expect(await again.next('ready')).toMatchObject({ resumed: true });
    await again.next('missed');
    expect(await again.next('entry')).toMatchObject({ balance: 100 });
    again.close();
  }, 240_000);

  test('tell that a trigger fired', async () => {
    const trader = await web.trader('tina');
    await trader.command({ command: 'ADD', amount: '50.00' });
    const listening = await listen(web, trader);
    await listening.next('ready');
    await trader.command({ command: 'SET_BUY_AMOUNT', symbol: 'TRG', amount: '30.00' });
    await trader.command({ command: 'SET_BUY_TRIGGER', symbol: 'TRG', price: '12.00' });
    const fired = await listening.next('entry', ({ type }: { type: string }) =>
      type.endsWith('Fired'),
    );
    expect(fired).toMatchObject({ type: 'BuyTriggerFired', symbol: 'TRG', shares: 3 });
    await listening.next(
      'portfolio',
      ({ endedTriggers }: PortfolioView) => endedTriggers.length > 0,
    );
    listening.close();
  });

  test('end with the session', async () => {
    const trader = await web.trader('ende');
    const listening = await listen(web, trader);
    await listening.next('ready');
    await trader.send('DELETE', '/session');
    expect(await listening.next('ended')).toEqual({ reason: 'signed-out' });
  });
});

describe('administration', () => {
  test('sees users, queues and processes, and reads the whole log', async () => {
    const admin = await administrator('chief');
    const { users } = bodyOf(await admin.get('/admin/users?q=chief'), USER_LIST);
    expect(users).toMatchObject([{ user: 'chief', role: 'administrator', hasAccount: false }]);
    const system = bodyOf(await admin.get('/admin/system'), SYSTEM_VIEW);
    expect(system.faults).toEqual(['supervisor: none answers on this data folder']);
    expect(system.queues.filter(({ shard }) => shard !== null)).toHaveLength(4);
    const log = await admin.get('/admin/log.xml');
    expect(log.text.endsWith('</log>\n')).toBe(true);
    const { text } = await admin.get('/admin/log');
    expect(text).toContain('whole-log-read');
  });

  test('a parked message of another shard is replayed to its own', async () => {
    const admin = await administrator('mender');
    const { link, publish } = await misroute(web);
    await publish();
    const parked = await until(
      async () => {
        const { parked: found } = (await admin.get('/admin/parked')).body as {
          parked: { id: string; replayable: boolean }[];
        };
        return found[0];
      },
      { what: 'the message is parked' },
    );
    expect(parked.replayable).toBe(true);
    expect((await admin.post(`/admin/parked/${parked.id}/replay`, undefined)).status).toBe(204);
    expect((await admin.get('/admin/parked')).body).toEqual({ parked: [] });
    const { balance } = await until(
      async () => {
        const { rows } = await web.consumers.pool.query<{ balance: bigint }>(
          `SELECT balance FROM accounts WHERE user_id = 'misrouted'`,
        );
        return rows[0];
      },
      { what: 'the command is done' },
    );
    expect(balance).toBe(700n);
    await link.close();
  });
});

/** A command published to a shard that is not its user's. */
async function misroute(system: WebSystem): Promise<{
  readonly link: Link;
  readonly publish: () => Promise<void>;
}> {
  const { broker } = system.consumers;
  const link = await openLink({ url: broker.url, name: 'misrouting', log: recordingLogger() });
  const publisher = await openPublisher(link);
  const body = renderCommandMessage(new Producer('run:lost').message('ADD,misrouted,7.00'));
  const key = shardKey((shardOf('misrouted', 4) + 1) % 4);
  return {
    link,
    publish: () =>
      publisher.publish({ exchange: commandsExchange(4), key, body, type: 'commands' }),
  };
}
