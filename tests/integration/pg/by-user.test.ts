/** The schema can be distributed by user: keys begin with user_id, and no frequent statement crosses users. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { changeTwoUsers } from '../../support/change-two-users.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase } from '../../support/test-database.ts';

/** Sign-in needs these before it knows the user. They are found by token or address, and stay in one place. */
const SIGN_IN = ['web_sessions', 'web_tokens', 'web_log'];
/** Tables whose rows concern several users, or none. */
const OF_NO_USER = ['outbox', 'dumps'];

let pool: Pool;
let close: () => Promise<void>;

beforeAll(async () => {
  const database = await openTestDatabase();
  // One connection, so that it has prepared every statement of a batch.
  pool = openPool({
    ...{ url: database.url, name: 'by-user', size: 1, pipeline: true },
    log: recordingLogger(),
  });
  close = async () => {
    await pool.end();
    await database.close();
  };
});

afterAll(() => close());

async function userTables(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id'
      WHERE c.relnamespace = 'daytrade'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND c.relname <> ALL ($1::text[])`,
    [[...SIGN_IN, ...OF_NO_USER]],
  );
  return rows.map(({ name }) => name);
}

describe('data of users', () => {
  test('is in tables whose every key begins with user_id', async () => {
    const { rows } = await pool.query<{ table: string; first: string }>(
      `SELECT i.indrelid::regclass::text AS table, a.attname AS first FROM pg_index i
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND i.indrelid::regclass::text = ANY ($1::text[])`,
      [await userTables()],
    );
    expect(rows.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['accounts', 'holdings', 'orders', 'triggers', 'ledger', 'streams']),
    );
    expect(rows.filter(({ first }) => first !== 'user_id')).toEqual([]);
  });

  test('is accessed by a batch only by its users’ names', async () => {
    await changeTwoUsers(pool);
    const { rows } = await pool.query<{ name: string; statement: string }>(
      'SELECT name, statement FROM pg_prepared_statements',
    );
    const tables = await userTables();
    expect(
      tables.filter((table) => !rows.some(({ statement }) => writes(statement, table))).sort(),
    ).toEqual(['audit_events', 'web_users', 'web_watches']);
    const crossing = rows.filter(({ statement }) => !staysWithItsUsers(statement, tables));
    expect(crossing.map(({ name }) => name)).toEqual([]);
  });

  test('is found by key, with statements that are planned once for batches of every size', async () => {
    await changeTwoUsers(pool);
    const { rows } = await pool.query<Prepared>(
      `SELECT name, parameter_types::text[] AS types, custom_plans AS customs
         FROM pg_prepared_statements WHERE cardinality(parameter_types) > 0`,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ customs }) => customs > 0n).map(({ name }) => name)).toEqual([]);
    const searching: string[] = [];
    for (const prepared of rows) {
      if (/Seq Scan|Hash Join|Merge Join/.test(await planOf(prepared)))
        searching.push(prepared.name);
    }
    expect(searching).toEqual([]);
  });

  test.each([
    'SELECT balance FROM accounts',
    'UPDATE accounts SET balance = 0 WHERE balance > $1',
    'SELECT * FROM holdings WHERE user_id = $1 AND symbol IN (SELECT symbol FROM orders)',
  ])('%s would cross users', (statement) => {
    expect(staysWithItsUsers(statement, ['accounts', 'holdings', 'orders'])).toBe(false);
  });
});

type Prepared = {
  readonly name: string;
  readonly types: readonly string[];
  readonly customs: bigint;
};

async function planOf({ name, types }: Prepared): Promise<string> {
  // Identifiers cannot be parameters; these are our own.
  const text = `EXPLAIN EXECUTE "${name}" (${types.map(() => 'NULL').join(', ')})`;
  const { rows } = await pool.query<Record<string, string>>(text);
  return rows.flatMap((row) => Object.values(row)).join('\n');
}

const writes = (statement: string, table: string): boolean =>
  new RegExp(`(INTO|UPDATE|DELETE FROM) ${table}\\b`).test(statement);

/** Returns whether each access to a table of users has its own condition on user_id. */
function staysWithItsUsers(statement: string, tables: readonly string[]): boolean {
  const places = tables.flatMap((table) => [
    ...statement.matchAll(new RegExp(`\\b(FROM|JOIN|USING|UPDATE) ${table}\\b`, 'g')),
  ]);
  const conditions = [...statement.matchAll(/user_id\s*=|\(user_id(, \w+)+\) IN|USING \(user_id/g)];
  return conditions.length >= places.length;
}
