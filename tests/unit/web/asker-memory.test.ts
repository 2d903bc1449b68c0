/** Who may watch the system while the database, which knows all users, is away. */
import Fastify from 'fastify';
import cookie from '@fastify/cookie';
import { describe, expect, test } from '@jest/globals';
import { openAskerMemory } from '../../../producers/web/server/access/asker-memory.ts';
import type { WebAsker } from '../../../producers/web/server/access/asker.ts';
import { guard } from '../../../producers/web/server/access/guard.ts';
import { newSecret } from '../../../shared/runtime/secrets.ts';
import { answerProblems } from '../../../producers/web/server/parts/http-problem.ts';
import { LAST_LOOK_UP_MAX_MS } from '../../../producers/web/server/parts/limits.ts';
import { userOf } from '../../support/quote-names.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const asker = (role: WebAsker['role'], expiresAt: number | null = null): WebAsker => ({
  ...{ user: userOf('alice'), role, by: 'token', id: 'an id', now: 0 },
  ...{ isWorkload: false, mustChange: false, expiresAt, idleExpiresAt: expiresAt },
});

describe('the memory', () => {
  let now = 0;
  const memory = openAskerMemory(() => now);

  test('knows an administrator who was looked up shortly before the loss, until the session ends', () => {
    const admin = asker('administrator', 500_000);
    now = 1_000;
    memory.learn('a', admin);
    now = 499_000;
    expect(memory.recall('a', 1_000 + LAST_LOOK_UP_MAX_MS)).toBe(admin);
    expect(memory.recall('a', 1_001 + LAST_LOOK_UP_MAX_MS)).toBeUndefined();
    now = 500_000;
    expect(memory.recall('a', 2_000)).toBeUndefined();
  });

  test('knows no trader, no stranger, and nobody whose session has ended', () => {
    now = 1_000;
    memory.learn('t', asker('trader'));
    memory.learn('gone', asker('administrator'));
    memory.learn('gone', undefined);
    for (const key of ['t', 'gone', 'unknown']) expect(memory.recall(key, 1_000)).toBeUndefined();
  });
});

test('while the database is away, an administrator is served where that is declared, and nobody else', async () => {
  const [admin, trader] = [newSecret(), newSecret()];
  let lostAt: number | undefined;
  const app = Fastify();
  await app.register(cookie);
  answerProblems(app, recordingLogger());
  guard(app, {
    sessionCookie: '__Host-session-test',
    databaseLostAt: () => lostAt,
    lookUpAsker: async ({ secret }) => {
      if (lostAt !== undefined) throw new Error('the database is away');
      return await Promise.resolve(asker(secret === admin ? 'administrator' : 'trader'));
    },
  });
  const access = 'administrator';
  app.get('/operations', { config: { access, outlivesDatabase: true } }, () => 'figures');
  app.get('/users', { config: { access } }, () => 'users');
  const statusOf = async (url: string, secret: string): Promise<number> =>
    (await app.inject({ url, headers: { authorization: `Bearer ${secret}` } })).statusCode;
  expect(await statusOf('/operations', admin)).toBe(200);
  expect(await statusOf('/operations', trader)).toBe(403);
  lostAt = Date.now();
  expect(await statusOf('/operations', admin)).toBe(200);
  expect(await statusOf('/users', admin)).toBe(500);
  expect(await statusOf('/operations', trader)).toBe(500);
  expect(await statusOf('/operations', newSecret())).toBe(500);
  lostAt = undefined;
  expect(await statusOf('/users', admin)).toBe(200);
});
