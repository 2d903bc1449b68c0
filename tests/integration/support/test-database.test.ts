import { expect, test } from '@jest/globals';
import { openPool } from '../../../shared/pg/pool.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase } from '../../support/test-database.ts';

const log = recordingLogger();

test('each test database has the schema, and rows of its own', async () => {
  const one = await openTestDatabase();
  const other = await openTestDatabase();
  const [onePool, otherPool] = [one, other].map(({ url }) =>
    openPool({ url, name: 'test', size: 1, log }),
  );
  await onePool?.query('INSERT INTO users (user_id) VALUES ($1)', ['alice']);
  const ofOne = await onePool?.query('SELECT user_id FROM users');
  const ofOther = await otherPool?.query('SELECT user_id FROM users');
  expect(ofOne?.rows).toEqual([{ user_id: 'alice' }]);
  expect(ofOther?.rows).toEqual([]);
  await Promise.all([onePool?.end(), otherPool?.end()]);
  await Promise.all([one.close(), other.close()]);
});

test('a connection that is left open fails the test, and the database is still dropped', async () => {
  const database = await openTestDatabase();
  const pool = openPool({ url: database.url, name: 'forgotten', size: 1, log });
  await pool.query('SELECT 1');
  await expect(database.close()).rejects.toThrow(/left open: forgotten \(SELECT 1\)/);
  await pool.end();
  const again = openPool({ url: database.url, name: 'test', size: 1, log });
  await expect(again.query('SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  await again.end();
});
