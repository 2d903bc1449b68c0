/** `hasSchema` finds a schema of any name. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SCHEMA } from '../../../shared/pg/pool.ts';
import { hasSchema } from '../../../shared/pg/probe.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('only an existing schema is found', async () => {
  expect(await hasSchema(database.url, SCHEMA)).toBe(true);
  expect(await hasSchema(database.url, 'elsewhere')).toBe(false);
});

test('a name is a value, never a part of the statement', async () => {
  expect(await hasSchema(database.url, "x') IS NULL OR to_regnamespace('pg_catalog")).toBe(false);
});
