/** Makes a database with the schema for a test. */
import { randomBytes } from 'node:crypto';
import { migrate } from '../../shared/pg/migrations.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { recordingLogger } from './recording-logger.ts';
import { testDatabaseUrl } from './test-services.ts';
import { until } from './until.ts';

export type TestDatabase = {
  readonly url: string;
  /** Drops it, and then rejects if connections to it were still open. */
  readonly close: () => Promise<void>;
};

const TEMPLATE = 'daytrade_template';
/** Any number, as long as all suites use the same. */
const TEMPLATE_LOCK = 7_021_004;
/** The longest time for which the server lists a closed connection. */
const GOODBYE_MS = 3_000;

/** Clones the migrated template, which the first caller makes. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator(async (pool) => {
    await makeTemplate(pool);
    await execute(pool, ['CREATE DATABASE %I TEMPLATE %I', name, TEMPLATE]);
  });
  return { url: urlOf(name), close: () => asAdministrator((pool) => drop(pool, name)) };
}

/** Makes a database without the schema. */
export async function openEmptyDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator((pool) => execute(pool, ['CREATE DATABASE %I', name]));
  return { url: urlOf(name), close: () => asAdministrator((pool) => drop(pool, name)) };
}

/** Drops the database in any case, and rejects if connections to it were open. */
async function drop(pool: Pool, name: string): Promise<void> {
  const leaked = await until(async () => (await connectionsTo(pool, name)).length === 0, {
    what: 'no connections are left',
    timeoutMs: GOODBYE_MS,
  }).then(
    () => [],
    () => connectionsTo(pool, name),
  );
  await execute(pool, ['DROP DATABASE %I WITH (FORCE)', name]);
  if (leaked.length === 0) return;
  throw new Error(`connections to the test's database were left open: ${leaked.join(', ')}`);
}

async function connectionsTo(pool: Pool, name: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ connection: string }>(
    `SELECT coalesce(nullif(application_name, ''), 'without a name') || ' (' || left(query, 60) || ')'
         AS connection
       FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
    [name],
  );
  return rows.map(({ connection }) => connection);
}

async function makeTemplate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      TEMPLATE,
    ]);
    if (rowCount === 1) return;
    const unfinished = `${TEMPLATE}_unfinished`;
    await execute(pool, ['DROP DATABASE IF EXISTS %I', unfinished]);
    await execute(pool, ['CREATE DATABASE %I', unfinished]);
    await migrate(urlOf(unfinished));
    await execute(pool, ['ALTER DATABASE %I RENAME TO %I', unfinished, TEMPLATE]);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
    client.release();
  }
}

/** Names cannot be parameters of these statements: the server quotes them. */
async function execute(pool: Pool, [form, ...names]: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ text: string }>(
    'SELECT format($1, VARIADIC $2::text[]) AS text',
    [form, names],
  );
  await pool.query(rows[0]?.text ?? '');
}

async function asAdministrator<Result>(work: (pool: Pool) => Promise<Result>): Promise<Result> {
  const log = recordingLogger();
  const pool = openPool({ url: testDatabaseUrl(), name: 'test-databases', size: 2, log });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(testDatabaseUrl());
  url.pathname = `/${database}`;
  return url.href;
}
