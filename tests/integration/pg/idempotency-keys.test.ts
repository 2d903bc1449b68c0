/** An idempotency key stands for one command until it expires, and expired keys are deleted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dropAllExpired } from '../../../consumers/audit/housekeeping.ts';
import { SYSTEM_USER } from '../../../shared/domain/identity.ts';
import {
  claimKey,
  claimKeys,
  KEY_LIFETIME_MS,
  type ClaimedKey,
  type KeyUse,
} from '../../../shared/pg/idempotency-keys.ts';
import { migrate } from '../../../shared/pg/migrations.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { userOf } from '../../support/quote-names.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { contextOf, Producer, runMessage } from '../../support/run-commands.ts';
import { storedBalance } from '../../support/stored.ts';
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

/** A write of 1.00 as the web server makes it. */
async function deposit(key: string, bodyHash = 'body'): Promise<ClaimedKey> {
  const claimed = await claimKey(pool, use(key, { bodyHash }));
  const [number = 0] = claimed.numbers;
  const [message] = [new Producer(claimed.stream).message('ADD,alice,1.00')];
  const commands = message.commands.map(({ command }) => ({ number, command }));
  await runMessage(pool, { ...message, commands, bodyHash }, contextOf({ price: 1_000n }));
  return claimed;
}

async function brokenInvariants(on: Pool = pool): Promise<readonly string[]> {
  const client = await on.connect();
  try {
    return (await verifyStored(client, 60_000)).flatMap(({ first }) => first);
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

  test('is claimed beside others in one statement, each with its own numbers, new or again', async () => {
    const old = await claimKey(pool, use('old-one', { draw: 2 }));
    const bob = use('many-1', { user: userOf('bob'), numbers: [77], draw: 0 });
    const uses = [use('many-2', { draw: 3 }), use('old-one', { draw: 2 }), bob, use('many-1')];
    const [fresh, again, given, another] = await claimKeys(pool, uses);
    expect(again).toMatchObject({ numbers: old.numbers, stream: old.stream, again: true });
    expect(given).toMatchObject({ numbers: [77], again: false });
    const drawn = [...(fresh?.numbers ?? []), ...(another?.numbers ?? [])];
    expect([fresh?.numbers.length, new Set(drawn).size]).toEqual([3, 4]);
    expect(fresh?.stream).toMatch(/^web:many-2@\d+$/);
  });

  test('does not deadlock with another process that claims the same keys', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `crossed-${index}`);
    const [one, other] = [names, names.toReversed()].map((keys) => keys.map((key) => use(key)));
    const claims = await Promise.all([claimKeys(pool, one ?? []), claimKeys(pool, other ?? [])]);
    const numbers = claims.map((claimed) => claimed.flatMap((each) => each.numbers).toSorted());
    expect(numbers[0]).toHaveLength(200);
    expect(numbers[1]).toEqual(numbers[0]);
  });

  test('acts once within 24 hours, as a new one after them, and verify passes', async () => {
    const first = await deposit('reused');
    await passHours(23);
    const within = await deposit('reused');
    expect(within).toMatchObject({ stream: first.stream, numbers: first.numbers, again: true });
    expect(await storedBalance(pool, 'alice')).toBe(100n);
    for (const hours of [1.1, 0]) {
      await passHours(hours);
      await deposit('reused', 'another body');
      expect(await storedBalance(pool, 'alice')).toBe(200n);
    }
    // The streams of the first use are deleted only now, an hour after its key.
    await passHours(26);
    await dropAllExpired(pool);
    await deposit('reused');
    expect(await storedBalance(pool, 'alice')).toBe(300n);
    expect(await brokenInvariants()).toEqual([]);
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
    expect((await claimKey(oldPool, use('old-web'))).numbers).toEqual([1_000_000_001]);
    expect(await storedBalance(oldPool, 'alice')).toBe(300n);
    expect(await brokenInvariants(oldPool)).toEqual([]);
  });
});
