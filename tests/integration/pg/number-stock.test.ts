/** Each transaction number of a web process is given once, whoever asks and whatever fails meanwhile. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openNumberStock } from '../../../shared/pg/number-stock.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = openPool({ url: database.url, name: 'numbers test', size: 4, log: recordingLogger() });
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

test('numbers are given once each, by two processes to many requests at once', async () => {
  const stocks = [openNumberStock(pool), openNumberStock(pool)];
  const asked = Array.from({ length: 250 }, () => stocks.map((nextNumber) => nextNumber())).flat();
  const numbers = await Promise.all(asked);
  expect(new Set(numbers).size).toBe(500);
  expect(numbers.every((number) => Number.isSafeInteger(number))).toBe(true);
});

test('a draw that fails refuses only those who wait for it', async () => {
  const nextNumber = openNumberStock(pool);
  await pool.query('ALTER SEQUENCE transaction_numbers RENAME TO hidden_numbers');
  await expect(nextNumber()).rejects.toThrow(/transaction_numbers/);
  await pool.query('ALTER SEQUENCE hidden_numbers RENAME TO transaction_numbers');
  expect(Number.isSafeInteger(await nextNumber())).toBe(true);
});
