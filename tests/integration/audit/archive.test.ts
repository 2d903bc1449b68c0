/** Old months of the audit log move to files and back, and `verify` works in between. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createReadStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { archiveAudit, unarchiveAudit, type Archived } from '../../../infra/operations/archive.ts';
import { parseMonth, type Month } from '../../../shared/pg/audit-archive.ts';
import { withConnection } from '../../../shared/pg/connection.ts';
import { insertLeftOver } from '../../../shared/pg/audit-insert.ts';
import { makeAuditPartitions } from '../../../shared/pg/audit-partitions.ts';
import { scanPastAccounts } from '../../../shared/pg/past-accounts.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { inTransaction } from '../../../shared/pg/transaction.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { contextOf, Producer, runMessage } from '../../support/run-commands.ts';
import { until } from '../../support/until.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const LIFETIME_MS = 60_000;
const NO_TRIGGERS = { buyTriggers: {}, sellTriggers: {} };
const OLD = ['ADD,alice,1000.00', 'BUY,alice,ABC,100.00', 'COMMIT_BUY,alice', 'COMMIT_SELL,alice'];
const NEW = ['ADD,alice,50.00', 'BUY,alice,ABC,90000.00', 'ADD,bob,7.00'];

let database: TestDatabase;
let pool: Pool;
let store: (lines: readonly string[]) => Promise<void>;
let folder: string;
let thisMonth: Month;
let before: readonly unknown[];
const archived: Archived[] = [];

const monthOf = (time: number): Month => {
  const month = parseMonth(new Date(time).toISOString().slice(0, 7));
  if (month === undefined) throw new TypeError('not a month');
  return month;
};

async function loadLog(): Promise<readonly unknown[]> {
  const { rows } = await pool.query<object>('SELECT * FROM audit_events ORDER BY outbox_id, index');
  return rows;
}

async function broken(at?: number): Promise<readonly string[]> {
  const client = await pool.connect();
  const findings = await verifyStored(client, LIFETIME_MS, at);
  client.release(true);
  return findings.filter(({ offenders }) => offenders > 0).map(({ name }) => name);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-archives-'));
  database = await openTestDatabase();
  pool = openPool({ url: database.url, name: 'archive test', size: 2, log: recordingLogger() });
  const producer = new Producer('run:archived');
  const context = contextOf({ price: 1_000n });
  store = async (lines) => {
    for (const line of lines) await runMessage(pool, producer.message(line), context);
    await insertLeftOver(pool, { olderThanS: 0, most: 100 });
  };
  await makeAuditPartitions(pool);
  await store(OLD);
  // So long ago that its month is over, and in a month that has a partition.
  const ago = 40 * 24 * 60 * 60 * 1_000;
  const { rows } = await pool.query<{ now: string }>('SELECT now_ms() AS now');
  thisMonth = monthOf(Number(rows[0]?.now));
  await pool.query('SELECT make_audit_partition($1::date)', [
    `${monthOf(Number(rows[0]?.now) - ago).name}-01`,
  ]);
  await pool.query('UPDATE audit_events SET at = at - $1', [ago]);
  await pool.query('UPDATE ledger SET at = at - $1', [ago]);
  await store(NEW);
  before = await loadLog();
}, 240_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await pool.end();
  await database.close();
});

describe('the archive', () => {
  test('takes the past months, and nothing of this one', async () => {
    await archiveAudit(pool, {
      before: thisMonth,
      folder,
      onArchived: (month) => archived.push(month),
    });
    const left = await loadLog();
    expect(left.length).toBeGreaterThan(0);
    expect(archived.map(({ rows }) => rows)).toEqual([before.length - left.length]);
    expect(left).toEqual(before.slice(-left.length));
  });

  test('is a file that every tool reads: CSV with a header, a line an event', () => {
    const [{ file, rows } = { file: '', rows: 0 }] = archived;
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^outbox_id,index,at,kind,server,number,user_id,/);
    expect(lines).toHaveLength(rows + 1);
  });

  test('leaves a log that verifies, and in which a missing event is still found', async () => {
    expect(await broken()).toEqual([]);
    await pool.query(
      `CREATE TABLE hidden AS SELECT * FROM audit_events WHERE kind = 'accountTransaction'`,
    );
    await pool.query(`DELETE FROM audit_events WHERE kind = 'accountTransaction'`);
    expect(await broken()).toEqual([
      'each movement of a balance has its accountTransaction',
      'replaying the log gives the balances',
    ]);
    await pool.query('INSERT INTO audit_events SELECT * FROM hidden');
    await pool.query('DROP TABLE hidden');
  });

  test('leaves the ledger, which still gives the accounts of an archived month', async () => {
    const [{ untilMs } = thisMonth] = archived.flatMap(({ month }) => parseMonth(month) ?? []);
    const at = untilMs - 1;
    const lines: string[] = [];
    await inTransaction(pool, async (client) => {
      for await (const page of scanPastAccounts(client, at)) lines.push(...page);
    });
    // Ten shares at $10.00 were bought from $1,000.00; bob and the other $50.00 came this month.
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...NO_TRIGGERS, user: 'alice', balance: 90_000, holdings: { ABC: 10 } },
    ]);
    expect(await broken(at)).toEqual([]);
  });

  test('takes nothing the second time', async () => {
    const again: Archived[] = [];
    const options = { before: thisMonth, folder, onArchived: (one: Archived) => again.push(one) };
    await archiveAudit(pool, options);
    expect(again).toEqual([]);
  });

  test('comes back whole from its file, once', async () => {
    const [{ file, month: name } = { file: '', month: '' }] = archived;
    const month = parseMonth(name);
    if (month === undefined) throw new TypeError('not a month');
    const bringBack = (): Promise<number> =>
      unarchiveAudit(pool, month, () => createReadStream(file));
    await bringBack();
    expect(await loadLog()).toEqual(before);
    expect(await broken()).toEqual([]);
    await expect(bringBack()).rejects.toMatchObject({ code: 'usage-invalid' });
  });

  test('a file that ends too early brings nothing back', async () => {
    await archiveAudit(pool, { before: thisMonth, folder, onArchived: () => undefined });
    const left = await loadLog();
    const [{ file, month: name } = { file: '', month: '' }] = archived;
    const month = parseMonth(name);
    if (month === undefined) throw new TypeError('not a month');
    const size = readFileSync(file).length;
    await expect(
      unarchiveAudit(pool, month, () => createReadStream(file, { end: size / 2 })),
    ).rejects.toThrow();
    expect(await loadLog()).toEqual(left);
  });

  test('blocks no audit message while it comes back', async () => {
    const [{ file, month: name } = { file: '', month: '' }] = archived;
    const month = parseMonth(name);
    if (month === undefined) throw new TypeError('not a month');
    let readings = 0;
    async function* bytes(): AsyncGenerator<Buffer> {
      readings += 1;
      // The second time, they are written to the database.
      if (readings === 2) await store(['ADD,meanwhile,1.00']);
      for await (const piece of createReadStream(file)) yield piece as Buffer;
    }
    await unarchiveAudit(pool, month, () => Readable.from(bytes()));
    expect(readings).toBe(2);
    const { rows } = await pool.query(`SELECT FROM audit_events WHERE user_id = 'meanwhile'`);
    expect(rows.length).toBeGreaterThan(0);
    expect((await loadLog()).slice(0, before.length)).toEqual(before);
    expect(await broken()).toEqual([]);
  });

  test('replaces no file that holds other events', async () => {
    const [{ file } = { file: '' }] = archived;
    writeFileSync(file, gzipSync('somebody else’s month'));
    const options = { before: thisMonth, folder, onArchived: () => undefined };
    await expect(archiveAudit(pool, options)).rejects.toThrow('holds other events');
    expect(gunzipSync(readFileSync(file)).toString()).toBe('somebody else’s month');
    expect(readdirSync(folder)).toHaveLength(1);
    rmSync(file);
  });

  test('ends with an error when its connection is lost, and leaves no file', async () => {
    const other = openPool({
      url: database.url,
      name: 'archiver',
      size: 1,
      log: recordingLogger(),
    });
    const options = { before: thisMonth, folder, onArchived: () => undefined };
    const [{ month } = { month: '' }] = archived;
    const archiving = await withConnection(pool, async (client) => {
      // The COPY stops here.
      await client.query('BEGIN');
      const { rows } = await client.query<{ text: string }>(
        `SELECT format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', $1::text) AS text`,
        [`audit_events_${month.replace('-', '_')}`],
      );
      await client.query(rows[0]?.text ?? '');
      const outcome = archiveAudit(other, options).catch((error: unknown) => error);
      await until(
        async () => {
          const { rowCount } = await pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'archiver' AND query LIKE 'COPY%' AND state = 'active'`,
          );
          return rowCount === 1;
        },
        { what: 'the archive is being written' },
      );
      const ended = await outcome;
      await client.query('ROLLBACK');
      return ended;
    });
    expect(archiving).toMatchObject({ code: 'database-unavailable' });
    await other.end();
    expect(readdirSync(folder)).toEqual([]);
  });
});
