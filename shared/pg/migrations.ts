/** The schema, brought up to date by the files in infra/postgres/migrations. */
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { ConfigError } from '../runtime/errors.ts';
import { SCHEMA } from './pool.ts';

const MIGRATIONS = new URL('../../../infra/postgres/migrations/', import.meta.url);

/** Applies what is missing; one process at a time does. Says how many files it applied. */
export async function migrate(url: string): Promise<number> {
  return await withClient(url, async (client) => {
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS.pathname,
      direction: 'up',
      migrationsTable: 'migrations',
      schema: SCHEMA,
      createSchema: true,
      migrationsSchema: SCHEMA,
      createMigrationsSchema: true,
      singleTransaction: true,
      log: () => undefined,
    });
    return applied.length;
  });
}

/** Drops everything of ours, and nothing else. */
export async function dropSchema(url: string): Promise<void> {
  await withClient(url, (client) => client.query(`DROP SCHEMA IF EXISTS daytrade CASCADE`));
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot connect to PostgreSQL (DATABASE_URL): ${reason}`, { cause });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
