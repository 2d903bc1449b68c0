/** Access that is taken away ends at once, also if it was just being granted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAdministrator } from '../../../infra/cli/admin.ts';
import { hashSecret, newSecret } from '../../../shared/runtime/secrets.ts';
import { insertWorkloadTokens } from '../../../shared/pg/web-tokens.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { userOf } from '../../support/quote-names.ts';
import { listen } from './event-listener.ts';
import { holdInserts } from './held-inserts.ts';
import { API, type Answer, type Visitor } from './visitor.ts';
import { openWebSystem, PASSWORD, type WebSystem } from './web-system.ts';

let web: WebSystem;
let admin: Visitor;

beforeAll(async () => {
  web = await openWebSystem();
  admin = await administrator('root-of-all');
}, 240_000);
afterAll(async () => await web.close());

async function administrator(name: string): Promise<Visitor> {
  const password = await createAdministrator(web.consumers.pool, userOf(name));
  const visitor = web.visitor();
  await visitor.post('/session', { user: name, password });
  return visitor;
}

const NEXT = 'a quite different one';
const change = (visitor: Visitor, next = NEXT): Promise<Answer> =>
  visitor.send('PUT', '/password', { current: PASSWORD, next });
const signIn = (visitor: Visitor, user: string): Promise<Answer> =>
  visitor.post('/session', { user, password: PASSWORD });
const bearing = async (token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}` };
  return (await web.visitor().ask(`${API}/session`, { headers })).status;
};

async function workloadToken(user: string): Promise<string> {
  const token = newSecret();
  await insertWorkloadTokens(
    web.consumers.pool,
    [{ id: newId(), tokenHash: hashSecret(token), user: userOf(user) }],
    { name: 'workload test', lifetimeMs: 60_000 },
  );
  return token;
}

/**
 * Runs `first` until it waits for its insert, then `second` until it waits too or is done; then lets
 * both go on.
 */
async function race(
  table: string,
  first: () => Promise<Answer>,
  second: () => Promise<Answer>,
): Promise<readonly [Answer, Answer]> {
  const held = await holdInserts(web.consumers.pool, table);
  try {
    const begun = first();
    await held.whenWaiting(1);
    const other = second();
    await Promise.race([held.whenWaiting(2), other]);
    await held.release();
    return await Promise.all([begun, other]);
  } finally {
    await held.release();
  }
}

describe('a new password', () => {
  test('ends the session of a sign-in that began with the old one', async () => {
    const owner = await web.trader('race-sign-in');
    const attacker = web.visitor();
    const [, changed] = await race(
      'web_sessions',
      () => signIn(attacker, 'race-sign-in'),
      () => change(owner),
    );
    expect(changed.status).toBe(200);
    expect((await attacker.get('/session')).status).toBe(401);
    expect((await owner.get('/session')).status).toBe(200);
  });

  test('that an administrator gives ends the session of a sign-in, too', async () => {
    await web.trader('race-reset');
    const attacker = web.visitor();
    await race(
      'web_sessions',
      () => signIn(attacker, 'race-reset'),
      () => admin.post('/admin/users/race-reset/password', undefined),
    );
    expect((await attacker.get('/session')).status).toBe(401);
  });

  test('refuses a sign-in that checked the old one and comes for its session later', async () => {
    const owner = await web.trader('race-late');
    const attacker = web.visitor();
    const [changed, late] = await race(
      'web_sessions',
      () => change(owner),
      () => signIn(attacker, 'race-late'),
    );
    expect(changed.status).toBe(200);
    expect(late.status).toBe(401);
    expect((await attacker.get('/session')).status).toBe(401);
  });

  test('ends a token that was being made', async () => {
    const owner = await web.trader('race-token');
    const attacker = web.visitor();
    await signIn(attacker, 'race-token');
    const [{ body }] = await race(
      'web_tokens',
      () => attacker.post('/tokens', { name: 'lasting' }),
      () => change(owner),
    );
    expect(await bearing(String(body['token']))).toBe(401);
  });

  test('is not overwritten by a change that began with the old one', async () => {
    const owner = await web.trader('race-change');
    const attacker = web.visitor();
    await signIn(attacker, 'race-change');
    const [first, second] = await race(
      'web_sessions',
      () => change(owner),
      () => change(attacker, 'what the attacker chose'),
    );
    expect(first.status).toBe(200);
    expect(second.status).toBe(401);
    const again = { user: 'race-change', password: NEXT };
    expect((await web.visitor().post('/session', again)).status).toBe(200);
  });

  test('ends the tokens of workloads', async () => {
    const owner = await web.trader('race-workload');
    const token = await workloadToken('race-workload');
    expect(await bearing(token)).toBe(200);
    expect((await change(owner)).status).toBe(200);
    expect(await bearing(token)).toBe(401);
  });

  test('keeps an administrator’s ended session from handing out a name', async () => {
    const chief = await administrator('race-chief');
    const [handed] = await race(
      'web_users',
      () => chief.post('/admin/users', { user: 'race-sleeper', role: 'administrator' }),
      () => admin.post('/admin/users/race-chief/password', undefined),
    );
    // The reset waited for it: it came first, and the log has it.
    expect(handed.status).toBe(201);
    expect((await chief.post('/admin/users', { user: 'race-later' })).status).toBe(401);
  });
});

describe('a user who is disabled', () => {
  test('has no session, token or event stream from then on, and cannot sign in', async () => {
    const user = await web.trader('disabled');
    const { body } = await user.post('/tokens', { name: 'script' });
    const token = String(body['token']);
    const workload = await workloadToken('disabled');
    const stream = await listen(web, user);
    await stream.next('ready');
    const path = '/admin/users/disabled';
    expect((await admin.send('PATCH', path, { disabled: true })).body).toMatchObject({
      disabled: true,
      role: 'trader',
    });
    expect((await user.get('/session')).status).toBe(401);
    expect(await bearing(token)).toBe(401);
    expect(await bearing(workload)).toBe(401);
    expect(await bearing(await workloadToken('disabled'))).toBe(401);
    expect(await stream.next('ended')).toEqual({ reason: 'signed-out' });
    const refused = await signIn(web.visitor(), 'disabled');
    expect(refused).toMatchObject({ status: 403, body: { code: 'user-disabled' } });
    expect((await admin.send('PATCH', path, { disabled: false })).status).toBe(200);
    expect((await signIn(web.visitor(), 'disabled')).status).toBe(200);
    expect(await bearing(token)).toBe(401);
  });

  test('while signing in gets no session', async () => {
    await web.trader('race-disabled');
    const attacker = web.visitor();
    await race(
      'web_sessions',
      () => signIn(attacker, 'race-disabled'),
      () => admin.send('PATCH', '/admin/users/race-disabled', { disabled: true }),
    );
    expect((await attacker.get('/session')).status).toBe(401);
  });
});

describe('an administrator who is demoted', () => {
  test('signs in again, as a trader', async () => {
    const password = await createAdministrator(web.consumers.pool, userOf('demoted'));
    const demoted = web.visitor();
    await demoted.post('/session', { user: 'demoted', password });
    expect((await demoted.get('/admin/users')).status).toBe(200);
    await admin.send('PATCH', '/admin/users/demoted', { role: 'trader' });
    expect((await demoted.get('/admin/users')).status).toBe(401);
    const again = await demoted.post('/session', { user: 'demoted', password });
    expect(again.body).toMatchObject({ role: 'trader' });
    expect((await demoted.get('/admin/users')).status).toBe(403);
  });

  test('is not the last one, also if two demote each other at once', async () => {
    const first = await administrator('last-1');
    const second = await administrator('last-2');
    await web.consumers.pool.query(
      `UPDATE web_users SET role = 'trader' WHERE role = 'administrator' AND user_id !~ '^last-'`,
    );
    const answers = await Promise.all([
      first.send('PATCH', '/admin/users/last-2', { role: 'trader' }),
      second.send('PATCH', '/admin/users/last-1', { disabled: true }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [winner = first, name = ''] =
      answers[0].status === 200 ? [first, 'last-1'] : [second, 'last-2'];
    for (const change of [{ role: 'trader' }, { disabled: true }]) {
      expect(await winner.send('PATCH', `/admin/users/${name}`, change)).toMatchObject({
        status: 409,
        body: { code: 'last-administrator' },
      });
    }
    await web.consumers.pool.query(
      `UPDATE web_users SET role = 'administrator' WHERE user_id = 'root-of-all'`,
    );
  });
});

describe('the security log', () => {
  const entriesOf = async (actor: string): Promise<readonly string[]> => {
    const { rows } = await web.consumers.pool.query<{ entry: string }>(
      `SELECT concat_ws(' ', event, user_id, detail) AS entry FROM web_log
        WHERE actor = $1 ORDER BY id`,
      [actor],
    );
    return rows.map(({ entry }) => entry);
  };

  test('has what was refused, and to whom', async () => {
    const trader = await web.trader('curious');
    await trader.get('/admin/users');
    await trader.send('PATCH', '/admin/users/curious', { role: 'administrator' });
    await trader.command({ command: 'DUMPLOG', file: './all.xml', scope: 'all' });
    await trader.ask(`${API}/commands`, {
      method: 'POST',
      body: { command: 'COMMIT_BUY' },
      headers: { origin: 'https://evil.example', 'idempotency-key': 'cross-site' },
    });
    expect(await entriesOf('curious')).toEqual([
      'signed-up curious',
      'refused GET /api/v1/admin/users: forbidden',
      'refused PATCH /api/v1/admin/users/:name: forbidden',
      'refused DUMPLOG,./all.xml',
    ]);
    const { rows } = await web.consumers.pool.query(
      `SELECT FROM web_log WHERE event = 'refused' AND actor IS NULL
          AND detail = 'POST /api/v1/commands: cross-site'`,
    );
    expect(rows).toHaveLength(1);
  });

  test('has every act of an administrator, a dump of the whole log included', async () => {
    const actor = await administrator('acting');
    await actor.post('/admin/users', { user: 'acted-on' });
    await actor.post('/admin/users/acted-on/password', undefined);
    await actor.send('PATCH', '/admin/users/acted-on', { role: 'administrator' });
    await actor.send('PATCH', '/admin/users/acted-on', { role: 'trader', disabled: true });
    await actor.send('PATCH', '/admin/users/acted-on', { disabled: true });
    await actor.send('PATCH', '/admin/users/acted-on', { disabled: false });
    await actor.get('/admin/log.xml');
    await actor.command({ command: 'DUMPLOG', file: './all.xml', scope: 'all' });
    expect(await entriesOf('acting')).toEqual([
      'signed-in acting',
      'user-handed-out acted-on trader',
      'password-reset acted-on',
      'role-changed acted-on administrator',
      'role-changed acted-on trader',
      'user-disabled acted-on',
      'user-enabled acted-on',
      'whole-log-read',
      'whole-log-dumped DUMPLOG,./all.xml',
    ]);
  });
});
