/**
 * The plans of the hot path, as the server reports them while the real functions run. They are the same on every
 * supported version of PostgreSQL.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StockSymbol } from '../../../shared/domain/identity.ts';
import { cents } from '../../../shared/domain/money.ts';
import { instant } from '../../../shared/domain/time.ts';
import { triggersMetBy } from '../../../shared/pg/armed-triggers.ts';
import { insertAudit } from '../../../shared/pg/audit-insert.ts';
import { scanAudit } from '../../../shared/pg/audit-scan.ts';
import type { Pool } from '../../../shared/pg/pool.ts';
import { openQuoteStore } from '../../../shared/pg/quote-store.ts';
import { loadQuote } from '../../../shared/pg/quotes.ts';
import { loadLastEntry, loadLedgerAfter, loadLedgerPage } from '../../../shared/pg/web-ledger.ts';
import { loadPortfolioRecord, loadVersions } from '../../../shared/pg/web-portfolio.ts';
import { changeTwoUsers } from '../../support/change-two-users.ts';
import { openExplainedPool } from '../../support/explained-pool.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { CHANGING, READING } from './expected-plans.ts';

let database: TestDatabase;
/** The plans while the tables are empty. */
let empty: Readonly<Record<string, string>>;

beforeAll(async () => {
  database = await openTestDatabase();
  empty = await plansOf(true, change);
  await plansOf(false, fill);
});
afterAll(() => database.close());

test('batches and quotes reach rows by the same keys, whether the tables are empty or full', async () => {
  expect([empty, await plansOf(true, change)]).toEqual([CHANGING, CHANGING]);
});

test('the web, triggers and the audit read full tables by key', async () => {
  expect(await plansOf(false, read)).toEqual(READING);
});

async function plansOf(
  pipeline: boolean,
  work: (pool: Pool) => Promise<unknown>,
): Promise<Readonly<Record<string, string>>> {
  const { pool, loadPlans } = openExplainedPool(database.url, pipeline);
  try {
    await work(pool);
    return await loadPlans();
  } finally {
    await pool.end();
  }
}

const EXECUTIONS = 7;
const ABC = 'ABC' as StockSymbol;
const QUOTE = { symbol: ABC, price: cents(100n), receivedAt: instant(1_000), causedBy: 'one' };

/** What the transaction and quote processes do. */
async function change(pool: Pool): Promise<void> {
  await changeTwoUsers(pool);
  await openQuoteStore(pool).commitHit(
    { quote: QUOTE, askedAt: instant(900), freshUntil: 2_000, audit: { id: '-1', body: 'body' } },
    true,
  );
}

const FILL = [
  `INSERT INTO users SELECT 'u' || n FROM generate_series(1, 5000) n`,
  `INSERT INTO accounts SELECT 'u' || n, n, 1 FROM generate_series(1, 5000) n`,
  `INSERT INTO holdings SELECT 'u' || n, 'S' || s, s FROM generate_series(1, 5000) n, generate_series(1, 3) s`,
  `INSERT INTO orders SELECT 'u' || n, 1, 'buy', 'S' || n % 200, 1, 1, 1 FROM generate_series(1, 5000) n`,
  `INSERT INTO triggers SELECT 'u' || n, 'S' || n % 200, 'buy', 1, gen_random_uuid(), n, 0, n
     FROM generate_series(1, 5000) n`,
  `INSERT INTO streams SELECT 'u' || n, 'run', 1, '', NULL, 1 FROM generate_series(1, 5000) n`,
  `INSERT INTO web_users (user_id, password_hash, role, must_change)
     SELECT 'u' || n, '', 'trader', false FROM generate_series(1, 5000) n`,
  `INSERT INTO quotes SELECT 'S' || n, 1, 1, 'u1' FROM generate_series(1, 5000) n`,
  `INSERT INTO ledger (user_id, at, number, event, balance, reserve, deposited, traded, holding,
                       reserved_shares, traded_shares)
     SELECT 'u' || n, e, e, 'FundsAdded', 1, 0, 1, 0, 0, 0, 0
       FROM generate_series(1, 5000) n, generate_series(1, 20) e`,
  `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id)
     SELECT e, n, e, 'userCommand', 's', 1, 'u' || n
       FROM generate_series(1, 5000) n, generate_series(1, 20) e`,
  `INSERT INTO idempotency_keys (user_id, key, body_hash, numbers, stream, expires_at)
     SELECT 'u' || n, 'key', '', '{1}', 'web', 1 FROM generate_series(1, 5000) n`,
  `INSERT INTO outbox (id, body) SELECT n + 1000000, 'body' FROM generate_series(1, 500) n`,
  'ANALYZE',
];

async function fill(pool: Pool): Promise<void> {
  for (const statement of FILL) await pool.query(statement);
}

/** What the web, trigger and audit processes do. */
async function read(pool: Pool): Promise<void> {
  const page = { before: undefined, symbol: undefined, event: undefined, q: undefined };
  // The server plans a statement anew for its first five executions, and may keep one plan after that.
  for (let time = 0; time < EXECUTIONS; time += 1) {
    await loadPortfolioRecord(pool, 'u7', 60_000);
    await loadVersions(pool, ['u7', 'u8'], 60_000);
    await loadLedgerPage(pool, 'u7', { ...page, from: undefined, to: undefined, most: 50 });
    await loadLedgerAfter(pool, 'u7', { after: 0n, upTo: 1_000_000n, most: 1_000 });
    await loadLastEntry(pool, 'u7');
    await loadQuote(pool, ABC);
    await triggersMetBy(pool, QUOTE);
    await scanAudit(pool, 'u7').next();
    await scanAudit(pool, undefined).next();
    await insertAudit(pool, [{ outboxId: '5', body: Buffer.from('') }]);
  }
}
