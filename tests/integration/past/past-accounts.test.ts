/** The ledger gives the accounts of any instant of a run, equal to what was dumped at that instant. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeAccounts } from '../../../infra/cli/write-accounts.ts';
import {
  openPortfolioReader,
  type ReadPastPortfolio,
} from '../../../producers/web/server/parts/portfolio-reader.ts';
import { scanAccounts } from '../../../shared/pg/accounts-scan.ts';
import { inTransaction } from '../../../shared/pg/transaction.ts';
import { awaitDecided, findNoLedger } from '../../../shared/pg/ledger-instant.ts';
import { scanPastAccounts } from '../../../shared/pg/past-accounts.ts';
import { openPool, type Client, type Pool } from '../../../shared/pg/pool.ts';
import { takeNow } from '../../../shared/pg/outbox.ts';
import type { PortfolioView } from '../../../shared/web-api/portfolio.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { contextOf, Producer, runMessage, type Market } from '../../support/run-commands.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { until } from '../../support/until.ts';

const LIFETIME_MS = 60_000;
const USERS = ['ann', 'Bob', 'c.d', 'e_e'];
const SYMBOLS = ['ABC', 'Q'];
const ROUNDS = 4;
const COMMANDS_OF_ROUND = 30;
/** One command in so many is followed by a dump, at an instant while others are decided. */
const DUMPED_FRACTION = 0.08;
const SEED = 24;

type Account = {
  readonly user: string;
  readonly balance: number;
  readonly holdings: Readonly<Record<string, number>>;
  readonly buyTriggers: Readonly<Record<string, { readonly amount: number }>>;
  readonly sellTriggers: Readonly<Record<string, { readonly shares: number }>>;
};

type Dumped = {
  readonly at: number;
  readonly accounts: readonly Account[];
  readonly portfolio: PortfolioView;
};

let database: TestDatabase;
let pool: Pool;
let readPast: ReadPastPortfolio;
let readNow: (user: string) => Promise<PortfolioView>;
const dumps: Dumped[] = [];

/** What the ledger holds of a line of the accounts file. */
function inLedger(line: string): Account {
  const { user, balance, holdings, buyTriggers, sellTriggers } = JSON.parse(line) as Account;
  return {
    user,
    balance,
    holdings,
    buyTriggers: mapValues(buyTriggers, ({ amount }) => ({ amount })),
    sellTriggers: Object.fromEntries(
      Object.entries(sellTriggers).flatMap(([symbol, { shares }]) =>
        shares === 0 ? [] : [[symbol, { shares }]],
      ),
    ),
  };
}

const mapValues = <From, To>(
  from: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, map(value)]));

async function linesOf(pages: AsyncGenerator<readonly string[]>): Promise<string[]> {
  const lines: string[] = [];
  for await (const page of pages) lines.push(...page);
  return lines;
}

/** Dumps at an instant at which no batch is between its time and its commit. */
const dump = (user: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('LOCK TABLE users IN EXCLUSIVE MODE');
    const { now: at } = await takeNow(client);
    const lines = await linesOf(scanAccounts(client, LIFETIME_MS));
    const portfolio = await readNow(user);
    dumps.push({ at, accounts: lines.map(inLedger), portfolio });
    // A later batch must have a later time than this one.
    await until(async () => (await takeNow(client)).now > at, { what: 'it is later', lookMs: 1 });
  });

const line: fc.Arbitrary<(user: string) => string> = fc
  .record({
    name: fc.constantFrom(
      ...['ADD', 'BUY', 'BUY', 'COMMIT_BUY', 'COMMIT_BUY', 'CANCEL_BUY', 'SELL', 'COMMIT_SELL'],
      ...['SET_BUY_AMOUNT', 'SET_BUY_TRIGGER', 'CANCEL_SET_BUY'],
      ...['SET_SELL_AMOUNT', 'SET_SELL_AMOUNT', 'SET_SELL_TRIGGER', 'CANCEL_SET_SELL'],
    ),
    symbol: fc.constantFrom(...SYMBOLS),
    amount: fc.constantFrom('40.00', '7.50', '100.00', '12.00'),
  })
  .map(({ name, symbol, amount }) => (user) => {
    if (name === 'ADD') return `ADD,${user},${amount}`;
    if (/^(COMMIT|CANCEL)_(BUY|SELL)$/.test(name)) return `${name},${user}`;
    if (name.startsWith('CANCEL')) return `${name},${user},${symbol}`;
    return `${name},${user},${symbol},${amount}`;
  });

async function trade(user: string, market: Market): Promise<void> {
  const producer = new Producer(`run:${user}`);
  const seed = SEED + USERS.indexOf(user);
  const chances = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), {
    numRuns: COMMANDS_OF_ROUND * ROUNDS,
    seed,
  });
  const lines = fc.sample(line, { numRuns: COMMANDS_OF_ROUND * ROUNDS, seed });
  await runMessage(pool, producer.message(`ADD,${user},1000.00`), contextOf(market));
  for (const [index, each] of lines.entries()) {
    if (index % COMMANDS_OF_ROUND === 0) await moveMarket(market);
    await runMessage(pool, producer.message(each(user)), contextOf(market));
    if ((chances[index] ?? 1) < DUMPED_FRACTION) await dump(user);
  }
}

/** Stores the prices as a quote process does. */
async function moveMarket(market: Market): Promise<void> {
  market.price = market.price === 1_000n ? 1_250n : 1_000n;
  await inTransaction(pool, async (client) => {
    // Neither a dump nor another price is between the time of a price and its commit.
    await client.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
    const { now } = await takeNow(client);
    await client.query(
      `INSERT INTO quote_history SELECT s, $2, $2, $2, $3 FROM unnest($1::text[]) s
         ON CONFLICT DO NOTHING`,
      [SYMBOLS, now, market.price],
    );
    await client.query(
      `INSERT INTO quotes SELECT DISTINCT ON (symbol) symbol, price, received_at, '' FROM quote_history
        ORDER BY symbol, received_at DESC
           ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price, received_at = EXCLUDED.received_at`,
    );
  });
}

beforeAll(async () => {
  database = await openTestDatabase();
  const log = recordingLogger();
  pool = openPool({ url: database.url, name: 'past test', size: 8, log });
  const reader = openPortfolioReader(pool, LIFETIME_MS);
  readPast = reader.readPastPortfolio;
  readNow = reader.readPortfolio;
  const market: Market = { price: 1_000n };
  await moveMarket(market);
  await Promise.all(USERS.map((user) => trade(user, market)));
}, 240_000);

afterAll(async () => {
  await pool.end();
  await database.close();
});

const pastLines = (at: number): Promise<string[]> =>
  inTransaction(pool, (client) => linesOf(scanPastAccounts(client, at)));

describe('the ledger', () => {
  test('gives the accounts that were dumped at random instants of a run', async () => {
    expect(dumps.length).toBeGreaterThan(30);
    for (const { at, accounts } of dumps) {
      expect((await pastLines(at)).map((each) => JSON.parse(each) as unknown)).toEqual(accounts);
    }
    // The run had reserves of both sides, or their equality would say nothing.
    const all = dumps.flatMap(({ accounts }) => accounts);
    for (const kind of ['holdings', 'buyTriggers', 'sellTriggers'] as const) {
      expect(all.some((account) => Object.keys(account[kind]).length > 0)).toBe(true);
    }
  });

  test('gives the portfolio that its user saw', async () => {
    for (const { at, portfolio } of dumps) {
      const past = await readPast(portfolio.user, at);
      expect(past).toEqual({
        ...portfolio,
        now: at,
        version: past.version,
        ...{ orders: [], triggers: [], held: 0, available: portfolio.balance, unreadFirings: 0 },
        holdings: portfolio.holdings.map((each) => ({
          ...each,
          held: 0,
          available: each.available + each.held,
        })),
      });
    }
  });

  test('gives what the accounts are now at the present instant, in the same order', async () => {
    const now: string[] = [];
    await writeAccounts(pool, LIFETIME_MS, (lines) => void now.push(...lines));
    const { now: at } = await takeNow(pool);
    expect((await pastLines(at)).map((each) => JSON.parse(each) as unknown)).toEqual(
      now.map(inLedger),
    );
  });
});

describe('an instant', () => {
  const noLedger = (at: number) => inTransaction(pool, (client) => findNoLedger(client, at));

  test('before the first entry, or still to come, has no accounts', async () => {
    const { rows } = await pool.query<{ at: bigint }>('SELECT min(at) AS at FROM ledger');
    const first = Number(rows[0]?.at);
    expect(await noLedger(first)).toBeUndefined();
    expect(await noLedger(first - 1)).toEqual({ is: 'before', first });
    const future = Date.now() + 3_600_000;
    expect(await noLedger(future)).toMatchObject({ is: 'future' });
    await expect(readPast('ann', future)).rejects.toMatchObject({ code: 'time-unknown' });
    await expect(readPast('ann', first - 1)).rejects.toMatchObject({
      message: expect.stringMatching(/^your account was opened at 2/),
    });
    await expect(readPast('nobody', first)).rejects.toThrow('you have no account yet');
  });

  test('is complete: a batch that has its time and is not committed yet is waited for', async () => {
    let commit: () => void = () => undefined;
    let at = 0;
    const held = new Promise<void>((resolve) => (commit = resolve));
    const batch = inTransaction(pool, async (client) => {
      await client.query(`SELECT FROM users WHERE user_id = 'ann' FOR UPDATE`);
      ({ now: at } = await takeNow(client));
      await insertDeposit(client, at);
      await held;
    });
    await until(() => at > 0, { what: 'the batch has its time' });
    let isOver = false;
    const decided = awaitDecided(pool, at).then(() => (isOver = true));
    await until(
      async () => {
        const { rowCount } = await pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database()
              AND pid <> pg_backend_pid() AND query LIKE 'SELECT EXISTS (SELECT FROM pg_locks%'`,
        );
        return rowCount === 1;
      },
      { what: 'the batch was found' },
    );
    expect(isOver).toBe(false);
    commit();
    await Promise.all([batch, decided]);
    const [before, after] = [await readPast('ann', at - 1), await readPast('ann', at)];
    expect(after.deposited - before.deposited).toBe(500);
  });
});

const insertDeposit = (client: Client, at: number): Promise<unknown> =>
  client.query(
    `INSERT INTO ledger (user_id, at, number, event, balance, reserve, deposited, traded, holding,
                         reserved_shares, traded_shares)
     VALUES ('ann', $1, 1, 'FundsAdded', 500, 0, 500, 0, 0, 0, 0)`,
    [at],
  );
