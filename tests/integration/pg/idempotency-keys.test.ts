/** An idempotency key stands for one command until it expires, and expired keys are deleted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dropAllExpired } from '../../../consumers/audit/housekeeping.ts';
import { SYSTEM_USER } from '../../../shared/domain/identity.ts';
import { claimKey, KEY_LIFETIME_MS, type KeyUse } from '../../../shared/pg/idempotency-keys.ts';
import type { Outcome } from '../../../shared/messages/answer-message.ts';
import { migrate } from '../../../shared/pg/migrations.ts';
import { takeNow } from '../../../shared/pg/outbox.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { userOf } from '../../support/quote-names.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { contextOf, Producer, runMessage } from '../../support/run-commands.ts';
import { storedBalance } from '../../support/stored.ts';
import { until } from '../../support/until.ts';
import {
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.ts';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = openPool({ url: database.url, name: 'keys test', size: 8, log: recordingLogger() });
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

const alice = userOf('alice');
const use = (key: string, more: Partial<KeyUse> = {}): KeyUse => ({
  ...{ user: alice, key, bodyHash: 'body', numbers: [], draw: 1 },
  ...{ stream: `web:${key}`, lifetimeMs: KEY_LIFETIME_MS },
  ...more,
});

/** Makes every key and every stream older. */
async function passHours(hours: number): Promise<void> {
  const passed = [Math.round(hours * HOUR_MS)];
  await pool.query('UPDATE idempotency_keys SET expires_at = expires_at - $1', passed);
  await pool.query('UPDATE streams SET at = at - $1', passed);
}

type Deposit = { readonly number: number; readonly stream: string; readonly outcome: Outcome };

/** A write of 1.00 as the web server makes it, each time with a number and a stream of its own. */
async function deposit(key: string, bodyHash = 'body'): Promise<Deposit> {
  deposits += 1;
  const stream = `web:${key}@${deposits}`;
  const message = new Producer(stream).message('ADD,alice,1.00');
  const commands = message.commands.map(({ command }) => ({ number: deposits, command }));
  const keyed = { ...message, commands, bodyHash, key: { owner: alice, name: key } };
  const { lanes } = await runMessage(pool, keyed, contextOf({ price: 1_000n }));
  const [outcome] = lanes.flatMap(({ slices }) => slices.flatMap(({ outcomes }) => outcomes));
  if (outcome === undefined) throw new Error('the deposit was not decided');
  return { number: deposits, stream, outcome };
}
let deposits = 0;

async function brokenInvariants(on: Pool = pool, at?: number): Promise<readonly string[]> {
  const client = await on.connect();
  try {
    return (await verifyStored(client, 60_000, at)).flatMap(({ first }) => first);
  } finally {
    client.release(true);
  }
}

describe('a key', () => {
  test('is claimed once, even by many at once', async () => {
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => claimKey(pool, use('at-once'))),
    );
    expect(new Set(claims.map(({ stream }) => stream)).size).toBe(1);
    expect(new Set(claims.map(({ numbers }) => numbers.join())).size).toBe(1);
    expect(claims.filter(({ again }) => !again)).toHaveLength(1);
  });

  test('returns its first use, also for another body', async () => {
    const first = await claimKey(pool, use('other-body', { draw: 3 }));
    expect(first.numbers).toHaveLength(3);
    const other = await claimKey(pool, use('other-body', { draw: 3, bodyHash: 'other' }));
    expect(other).toMatchObject({ ...first, now: expect.anything(), again: true });
  });

  test('has the numbers that were given, and draws those that were not', async () => {
    const given = await claimKey(pool, use('numbered', { numbers: [77], draw: 2 }));
    expect(given).toMatchObject({ numbers: [77, expect.any(Number), expect.any(Number)] });
    expect(given.stream).toMatch(/^web:numbered@\d+$/);
    const again = await claimKey(pool, use('numbered', { numbers: [77], draw: 2 }));
    expect(again).toMatchObject({ numbers: given.numbers, stream: given.stream, again: true });
  });

  test('of the web acts once within 24 hours, as a new one after them, and verify passes', async () => {
    const first = await deposit('reused');
    expect(first.outcome).toMatchObject({ is: 'accepted' });
    await passHours(23);
    const again = await deposit('reused');
    expect(again.outcome).toEqual({ ...first.outcome, number: first.number });
    expect(await storedBalance(pool, 'alice')).toBe(100n);
    const other = await deposit('reused', 'another body');
    expect(other.outcome).toMatchObject({ is: 'rejected', reason: 'key-reused' });
    for (const hours of [1.1, 0]) {
      await passHours(hours);
      await deposit('reused', 'another body');
      expect(await storedBalance(pool, 'alice')).toBe(200n);
    }
    // The row is deleted only now, an hour after its key has expired.
    await passHours(26);
    await dropAllExpired(pool);
    await deposit('reused');
    expect(await storedBalance(pool, 'alice')).toBe(300n);
    expect(await brokenInvariants()).toEqual([]);
  });

  test('of the web acts once if its message comes again after it has expired', async () => {
    const before = await storedBalance(pool, 'alice');
    await deposit('stayed');
    await passHours(24.5);
    deposits -= 1;
    await deposit('stayed');
    expect(await storedBalance(pool, 'alice')).toBe(before + 100n);
    expect(await brokenInvariants()).toEqual([]);
  });

  test('of the web that was first used later is not missed at an earlier time', async () => {
    await deposit('early');
    const { rows } = await pool.query<{ at: bigint }>('SELECT max(at) AS at FROM ledger');
    const at = Number(rows[0]?.at);
    await until(async () => (await takeNow(pool)).now > at, { what: 'a later millisecond' });
    await deposit('late');
    expect(await brokenInvariants(pool, at)).toEqual([]);
  });

  test('of the web whose command is in no audit log is found by verify', async () => {
    await deposit('unlogged');
    await pool.query("DELETE FROM outbox; UPDATE idempotency_keys SET stream = stream || '0'");
    expect(await brokenInvariants()).toEqual(
      expect.arrayContaining([expect.stringMatching(/alice web:unlogged@\d+: 0 commands/)]),
    );
  });
});

describe('expired keys', () => {
  const streamsLike = async (pattern: string): Promise<number> => {
    const { rowCount } = await pool.query('SELECT 1 FROM streams WHERE stream LIKE $1', [pattern]);
    return rowCount ?? 0;
  };
  const addStreams = (users: readonly string[], stream: string): Promise<unknown> =>
    pool.query(
      `INSERT INTO streams (user_id, stream, last, last_outcome, at)
       SELECT unnest($1::text[]), $2, 1, '{"is":"accepted"}', 0`,
      [users, stream],
    );

  test('are deleted with all their streams: of one user, of the system, of an intake message', async () => {
    const web = await claimKey(pool, use('of-web'));
    const dump = await claimKey(pool, use('of-dump', { stream: 'web:alice:of-dump' }));
    const intake = { user: SYSTEM_USER, key: 'intake:of-intake', stream: 'intake:of-intake' };
    const lines = await claimKey(pool, use('', intake));
    await addStreams(['alice'], web.stream);
    await addStreams(['$system'], dump.stream);
    await addStreams(['alice', 'bob', '$system'], lines.stream);
    await addStreams(['alice'], 'run:kept');
    await dropAllExpired(pool);
    expect(await streamsLike('%:of-%')).toBe(5);
    await passHours(26);
    await dropAllExpired(pool);
    expect([await streamsLike('%:of-%'), await streamsLike('run:kept')]).toEqual([0, 1]);
  });

  test('are deleted in one round, even if they are many', async () => {
    await pool.query(
      `INSERT INTO idempotency_keys
       SELECT 'many', 'key-' || n, '', '{}', 'web:many-' || n, n FROM generate_series(1, 25000) n`,
    );
    await pool.query(
      `INSERT INTO streams (user_id, stream, last, last_outcome, at)
       SELECT 'many', 'web:many-' || n, 1, '{"is":"accepted"}', n FROM generate_series(1, 25000) n`,
    );
    expect(await dropAllExpired(pool)).toBeGreaterThanOrEqual(25_000);
    expect(await streamsLike('web:many-%')).toBe(0);
  });
});

describe('keys that were used before the upgrade to one table of keys', () => {
  /** The number of migrations before `012_idempotency_keys.sql`. */
  const OLDER = 7;
  const STREAMS = ['web:old-web', 'hand:old-hand', 'intake:old-intake'];
  const USES = [
    use('old-web'),
    use('hand:old-hand', { bodyHash: '', stream: 'hand:old-hand', numbers: [] }),
    use('intake:old-intake', { user: SYSTEM_USER, stream: 'intake:old-intake' }),
  ];
  let old: TestDatabase;
  let oldPool: Pool;

  beforeAll(async () => {
    old = await openEmptyDatabase();
    await migrate(old.url, OLDER);
    oldPool = openPool({ url: old.url, name: 'old keys', size: 4, log: recordingLogger() });
  });
  afterAll(async () => {
    await oldPool.end();
    await old.close();
  });

  const run = async (stream: string): Promise<void> => {
    const message = new Producer(stream).message('ADD,alice,1.00');
    const bodyHash = stream.startsWith('hand:') ? '' : 'body';
    await runMessage(oldPool, { ...message, bodyHash }, contextOf({ price: 1_000n }));
  };

  test('do not act again after it, and verify passes', async () => {
    for (const stream of STREAMS) await run(stream);
    await oldPool.query(
      `INSERT INTO web_writes (user_id, key, body_hash, number)
       VALUES ('alice', 'old-web', 'body', 1000000001)`,
    );
    expect(await storedBalance(oldPool, 'alice')).toBe(300n);
    expect(await migrate(old.url)).toBeGreaterThan(0);
    for (const each of USES) {
      const claimed = await claimKey(oldPool, each);
      expect(claimed).toMatchObject({ again: true, stream: each.stream });
      await run(claimed.stream);
    }
    const { lanes } = await runMessage(
      oldPool,
      {
        ...new Producer('web:old-web@2').message('ADD,alice,1.00'),
        ...{ bodyHash: 'body', key: { owner: alice, name: 'old-web' } },
      },
      contextOf({ price: 1_000n }),
    );
    expect(lanes.flatMap(({ slices }) => slices.flatMap(({ outcomes }) => outcomes))).toMatchObject(
      [{ is: 'accepted', number: 1_000_000_001 }],
    );
    expect(await storedBalance(oldPool, 'alice')).toBe(300n);
    expect(await brokenInvariants(oldPool)).toEqual([]);
  });
});
