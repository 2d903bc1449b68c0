/** Access that was taken away is gone: also what was being opened at that very moment. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAdministrator } from '../../../infra/cli/admin.ts';
import { hashSecret, newSecret } from '../../../producers/web/server/secrets.ts';
import { insertWorkloadTokens } from '../../../shared/pg/web-tokens.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { userOf } from '../../support/quote-names.ts';
import { holdInserts } from './held-inserts.ts';
import { API, type Answer, type Visitor } from './visitor.ts';
import { openWebSystem, PASSWORD, type WebSystem } from './web-system.ts';

let web: WebSystem;
let admin: Visitor;

beforeAll(async () => {
  web = await openWebSystem();
  admin = await administrator('root-of-all');
}, 60_000);
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
