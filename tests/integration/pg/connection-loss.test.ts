/** A long read of the database ends with an error, or continues, after its connection is lost. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeAccounts } from '../../../infra/cli/write-accounts.ts';
import { scanAudit } from '../../../shared/pg/audit-scan.ts';
import { withConnection } from '../../../shared/pg/connection.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { statement } from '../../../shared/pg/statement.ts';
import { inTransaction } from '../../../shared/pg/transaction.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const LIFETIME_MS = 60_000;
const EVENTS = 5_000;
const LOST = { code: 'database-unavailable' };

let database: TestDatabase;
let pool: Pool;
let killer: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  const log = recordingLogger();
  pool = openPool({ url: database.url, name: 'victim', size: 2, log });
  killer = openPool({ url: database.url, name: 'killer', size: 1, log });
  await pool.query(
    `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id)
     SELECT i, 0, i, 'debugEvent', 'test', 1, 'nobody' FROM generate_series(1, $1::int) AS i`,
    [EVENTS],
  );
  await pool.query(`INSERT INTO users (user_id)
                    SELECT 'user-' || i FROM generate_series(1, 2500) AS i`);
  await pool.query(`INSERT INTO accounts (user_id, balance, orders_placed)
                    SELECT user_id, 0, 0 FROM users`);
}, 240_000);

afterAll(async () => {
  await Promise.all([pool.end(), killer.end()]);
  await database.close();
});

const kill = async (): Promise<void> => {
  await killer.query(KILL);
};

const KILL = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'victim'`;

/** Blocks the event loop, so that the pool learns of the loss only after the next statement. */
const killUnnoticed = (): void => {
  const script = `
    const { default: pg } = await import('pg');
    const client = new pg.Client(process.env.VICTIM_URL);
    await client.connect();
    await client.query(process.env.KILL);
    await client.end();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, VICTIM_URL: database.url, KILL },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
};

const forever = (): Promise<never> => new Promise(() => undefined);

describe('a lost connection', () => {
  test('ends work that would otherwise wait for ever', async () => {
    const waiting = withConnection(pool, async () => {
      await kill();
      return await forever();
    });
    await expect(waiting).rejects.toMatchObject(LOST);
  });

  test('ends a transaction that would otherwise wait for ever', async () => {
    const waiting = inTransaction(pool, async (client) => {
      await client.query('SELECT');
      await kill();
      return await forever();
    });
    await expect(waiting).rejects.toMatchObject(LOST);
  });

  test('ends the accounts with an error', async () => {
    let pages = 0;
    const written = writeAccounts(pool, LIFETIME_MS, async () => {
      pages += 1;
      await kill();
    });
    await expect(written).rejects.toMatchObject(LOST);
    expect(pages).toBe(1);
  });

  test('does not keep the log from being read to its end', async () => {
    let events = 0;
    for await (const rows of scanAudit(pool, undefined)) {
      if (events === 0) await kill();
      events += rows.length;
    }
    expect(events).toBe(EVENTS);
  });

  test('that is not noticed yet does not end the reading of the log either', async () => {
    const isKilledBefore = new Set([0, 2_000]);
    let events = 0;
    await Promise.all([pool.query('SELECT'), pool.query('SELECT')]);
    for await (const rows of scanAudit(pool, undefined)) {
      if (isKilledBefore.has(events)) killUnnoticed();
      events += rows.length;
    }
    expect(events).toBe(EVENTS);
  });
});

test('all accounts are written, page by page', async () => {
  const lines: string[] = [];
  const count = await writeAccounts(pool, LIFETIME_MS, (batch) => void lines.push(...batch));
  expect(count).toBe(2_500);
  expect(new Set(lines).size).toBe(2_500);
});

test('a statement without an answer ends within its bound', async () => {
  const SLEEP = statement('test-sleep', 'SELECT pg_sleep(2)', { maxMs: 50 });
  await expect(SLEEP.run(pool)).rejects.toThrow('timeout');
});

test('a log of which a month is archived meanwhile is read again, not in part', async () => {
  const read = async (): Promise<void> => {
    for await (const rows of scanAudit(pool, 'nobody')) {
      expect(rows.length).toBeGreaterThan(0);
      await killer.query(`INSERT INTO audit_archives (month, until_ms, rows, file)
                          VALUES ('2020-01', 0, 0, 'x') ON CONFLICT DO NOTHING`);
    }
  };
  await expect(read()).rejects.toMatchObject(LOST);
});
