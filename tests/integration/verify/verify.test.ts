/** Each invariant of `verify` holds on real data, and fails when a test corrupts that data. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertLeftOver } from '../../../shared/pg/audit-insert.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { CHECKS } from '../../../shared/pg/verify-checks.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { contextOf, Producer, runMessage } from '../../support/run-commands.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const LIFETIME_MS = 60_000;

/** Data of every kind: pending orders, reserves, firings of both sides, rejections. */
const LINES = [
  'ADD,alice,1000.00',
  'BUY,alice,ABC,100.00',
  'COMMIT_BUY,alice',
  'BUY,alice,ABC,50.00',
  'SELL,alice,ABC,20.00',
  'COMMIT_SELL,alice',
  'SET_BUY_AMOUNT,alice,XYZ,100.00',
  'SET_BUY_TRIGGER,alice,XYZ,20.00',
  'SET_BUY_AMOUNT,alice,DEF,80.00',
  'SET_SELL_AMOUNT,alice,ABC,30.00',
  'SET_SELL_TRIGGER,alice,ABC,15.00',
  'COMMIT_BUY,bob',
  'ADD,bob,5.00',
  'BUY,bob,ABC,100.00',
];

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = openPool({ url: database.url, name: 'verify test', size: 2, log: recordingLogger() });
  const producer = new Producer('run:verified');
  const context = contextOf({ price: 1_000n });
  for (const [index, line] of LINES.entries()) {
    await runMessage(pool, producer.message(line), context);
    // Half is stored and half is still in the outbox, and both count.
    if (index === LINES.length / 2) await insertLeftOver(pool, { olderThanS: 0, most: 100 });
  }
  await pool.query(
    `INSERT INTO quote_history (symbol, asked_at, received_at, fresh_until, price)
     VALUES ('ABC', 100, 200, 60200, 1000), ('ABC', 60200, 60300, 120300, 1000)`,
  );
  await pool.query(
    `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id, symbol, funds)
     VALUES (9000, 0, 200, 'quoteServer', 'quote-1', 1, 'alice', 'ABC', 1000),
            (9000, 1, 60300, 'quoteServer', 'quote-1', 1, 'alice', 'ABC', 1000)`,
  );
});

afterAll(async () => {
  await pool.end();
  await database.close();
});

/** Resolves to the names of the checks that fail after `spoil`, now or at an instant. */
async function broken(spoil: string, at?: number): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(spoil);
    await client.query('COMMIT');
    const findings = await verifyStored(client, LIFETIME_MS, at);
    return findings.filter(({ offenders }) => offenders > 0).map(({ name }) => name);
  } finally {
    client.release(true);
  }
}

describe('verify', () => {
  test('every invariant holds on the data of the consumers, and applies to some of it', async () => {
    const client = await pool.connect();
    const findings = await verifyStored(client, LIFETIME_MS);
    client.release(true);
    expect(findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
    expect(findings.filter(({ looked }) => looked === 0)).toEqual([]);
  });

  const BALANCES = 'balances are the sums of their ledger entries';
  const RESERVES = 'reserves are the sums of their ledger entries';
  const HOLDINGS = 'holdings are the sums of their ledger entries';
  const TOTAL = 'deposits = cash + reserves + cost of buys - proceeds of sells';
  const REPLAY = 'replaying the log gives the balances';
  const TRANSACTIONS = 'each movement of a balance has its accountTransaction';
  const POSITIONS = 'positions are gap-free per user and stream';
  const ONCE = 'each command has one userCommand';
  const ERRORS = 'rejected commands have one errorEvent, and no effect';
  const FIRED = 'each arming fired at most once, at a price that met it';
  const FRESH = 'no hit while a quote of its symbol was fresh';
  const HITS = 'each hit has its quoteServer event';

  const STORED = `INSERT INTO audit_events
    (outbox_id, index, at, kind, server, number, user_id, stream, position, command, funds, action,
     message) `;
  test.each<[string, string, string, readonly string[]]>([
    [
      'money out of nothing',
      `UPDATE accounts SET balance = balance + 1 WHERE user_id = 'alice'`,
      `UPDATE accounts SET balance = balance - 1 WHERE user_id = 'alice'`,
      [BALANCES, TOTAL, REPLAY],
    ],
    [
      'a share out of nothing',
      `UPDATE holdings SET shares = shares + 1 WHERE user_id = 'alice' AND symbol = 'ABC'`,
      `UPDATE holdings SET shares = shares - 1 WHERE user_id = 'alice' AND symbol = 'ABC'`,
      [HOLDINGS],
    ],
    [
      'a reserve that is too large',
      `UPDATE triggers SET amount = amount + 1 WHERE symbol = 'DEF'`,
      `UPDATE triggers SET amount = amount - 1 WHERE symbol = 'DEF'`,
      [RESERVES, TOTAL],
    ],
    [
      'more held than there is',
      `UPDATE orders SET shares = shares + 1000000 WHERE side = 'buy'`,
      `UPDATE orders SET shares = shares - 1000000 WHERE side = 'buy'`,
      ['no negative money'],
    ],
    [
      'more shares for sale than there are',
      `INSERT INTO orders (user_id, no, side, symbol, shares, price, at)
       SELECT 'alice', 99, 'sell', 'ABC', 1000, 1, (extract(epoch FROM now()) * 1000)::bigint`,
      `DELETE FROM orders WHERE no = 99`,
      ['no negative shares'],
    ],
    [
      'a command that is not in the log',
      `UPDATE audit_events SET kind = 'debugEvent'
        WHERE position = 2 AND user_id = 'alice' AND kind = 'userCommand'`,
      `UPDATE audit_events SET kind = 'userCommand'
        WHERE position = 2 AND user_id = 'alice' AND kind = 'debugEvent'`,
      [POSITIONS],
    ],
    [
      'a command that is in the log twice',
      `${STORED} VALUES (9001, 0, 1, 'userCommand', 's', 1, 'alice', 'run:verified', 1, 'ADD', 1,
         NULL, NULL)`,
      `DELETE FROM audit_events WHERE outbox_id = 9001`,
      [ONCE],
    ],
    [
      'an effect of a rejected command',
      `${STORED} VALUES (9002, 0, 1, 'errorEvent', 's', 1, 'alice', 'run:verified', 1, 'ADD', 1,
         NULL, 'internal: no')`,
      `DELETE FROM audit_events WHERE outbox_id = 9002`,
      [ERRORS],
    ],
    [
      'a movement that is not in the log',
      `UPDATE audit_events SET kind = 'debugEvent'
        WHERE position = 1 AND user_id = 'alice' AND kind = 'accountTransaction'`,
      `UPDATE audit_events SET kind = 'accountTransaction'
        WHERE position = 1 AND user_id = 'alice' AND kind = 'debugEvent'`,
      [TRANSACTIONS, REPLAY],
    ],
    [
      'a firing at a price that did not meet its trigger',
      `UPDATE ledger SET price = price + 5000 WHERE event = 'BuyTriggerFired'`,
      `UPDATE ledger SET price = price - 5000 WHERE event = 'BuyTriggerFired'`,
      [FIRED],
    ],
    [
      'a hit for a quote that was fresh',
      `UPDATE quote_history SET asked_at = asked_at - 1 WHERE received_at = 60300`,
      `UPDATE quote_history SET asked_at = asked_at + 1 WHERE received_at = 60300`,
      [FRESH],
    ],
    [
      'a hit that is not in the log',
      `DELETE FROM quote_history WHERE received_at = 60300`,
      `INSERT INTO quote_history (symbol, asked_at, received_at, fresh_until, price)
       VALUES ('ABC', 60200, 60300, 120300, 1000)`,
      [HITS],
    ],
  ])('%s is found, and nothing else', async (_, spoil, mend, expected) => {
    expect(await broken(spoil)).toEqual(expected);
    await pool.query(mend);
    expect(await broken('SELECT 1')).toEqual([]);
  });

  test('every invariant that the ledger and the log can show holds at each instant of the run', async () => {
    const { rows } = await pool.query<{ at: bigint }>('SELECT DISTINCT at FROM ledger ORDER BY at');
    for (const { at } of rows) {
      const client = await pool.connect();
      const findings = await verifyStored(client, LIFETIME_MS, Number(at));
      client.release(true);
      expect(findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
      const left = findings.filter(({ notChecked }) => notChecked !== undefined);
      expect(left.map(({ name }) => name)).toEqual([BALANCES, RESERVES, HOLDINGS, TOTAL]);
      expect(findings.find(({ name }) => name === REPLAY)?.looked).toBeGreaterThan(0);
    }
  });

  test('what is wrong is found from the instant at which it happened on', async () => {
    const { rows } = await pool.query<{ at: bigint }>(
      `SELECT at FROM ledger WHERE user_id = 'bob' AND event = 'FundsAdded'`,
    );
    const at = Number(rows[0]?.at);
    const [spoil, mend] = ['debugEvent', 'accountTransaction'].map(
      (kind) =>
        `UPDATE audit_events SET kind = '${kind}'
          WHERE user_id = 'bob' AND kind IN ('accountTransaction', 'debugEvent')`,
    );
    await insertLeftOver(pool, { olderThanS: 0, most: 100 });
    expect(await broken(spoil ?? '', at)).toEqual([TRANSACTIONS, REPLAY]);
    expect(await broken('SELECT 1', at - 1)).toEqual([]);
    await pool.query(mend ?? '');
    expect(await broken('SELECT 1', at)).toEqual([]);
  });
});
