/** An account with the largest numbers that the system has, which nobody reaches by trading in a test. */
import type { Pool } from '../../shared/pg/pool.ts';

export const LONGEST_NAME: string = 'W'.repeat(64);

const BALANCE_MAX = 900_000_000_000_000n;
const SHARES = 9_000_000_000n;
const PRICE = 100_000n;
const AMOUNT_MAX = 100_000_000_000n;

/** Gives a user, who has an account, the largest numbers in all that the pages show. */
export async function giveExtremes(pool: Pool, user: string): Promise<void> {
  const worth = SHARES * PRICE;
  await pool.query('UPDATE accounts SET balance = $2 WHERE user_id = $1', [user, BALANCE_MAX]);
  for (const symbol of ['WWW', 'MMM', 'QQQ']) {
    await pool.query('INSERT INTO quotes VALUES ($1, $2, now_ms(), $3) ON CONFLICT DO NOTHING', [
      symbol,
      PRICE,
      'test',
    ]);
    await pool.query(
      `INSERT INTO quote_history VALUES ($1, now_ms(), now_ms(), now_ms(), $2) ON CONFLICT DO NOTHING`,
      [symbol, PRICE],
    );
    await pool.query('INSERT INTO holdings VALUES ($1, $2, $3)', [user, symbol, SHARES]);
    await pool.query(
      `INSERT INTO triggers VALUES ($1, $2, 'sell', $3, gen_random_uuid(), $3, 1, 1),
                                   ($1, $2, 'buy', $3, gen_random_uuid(), 1, 0, 1)`,
      [user, symbol, AMOUNT_MAX],
    );
    await pool.query(
      `INSERT INTO ledger (user_id, at, number, event, symbol, price, balance, reserve, deposited, traded,
                           holding, reserved_shares, traded_shares)
       VALUES ($1, now_ms(), 9007199254740991, 'BuyCommitted', $2, 1, -$4::bigint, 0, 0, -$4::bigint,
               $3, 0, $3),
              ($1, now_ms(), 9007199254740991, 'SellTriggerFired', $2, $5, $6, 0, 0, $6, 0, -$7::bigint,
               -$7::bigint)`,
      [user, symbol, SHARES, SHARES, PRICE, worth, SHARES],
    );
  }
  await pool.query(
    `INSERT INTO orders VALUES ($1, 1, 'buy', 'WWW', $2, $3, now_ms() + 3600000),
                               ($1, 2, 'sell', 'MMM', $2, $3, now_ms() + 3600000)`,
    [user, SHARES - 1n, PRICE],
  );
}

/** Gives a user triggers on 26 stocks, without prices that would meet them. */
export async function giveManyTriggers(pool: Pool, user: string): Promise<void> {
  await pool.query(
    `INSERT INTO triggers
     SELECT $1, 'W' || chr(65 + i) || 'W', 'buy', $2::bigint, gen_random_uuid(), 1, 0, 1
       FROM generate_series(0, 25) AS i ON CONFLICT DO NOTHING`,
    [user, AMOUNT_MAX],
  );
}
