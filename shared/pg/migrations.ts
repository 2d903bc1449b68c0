/** Migrates the schema with the files in infra/postgres/migrations. */
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { packageRoot } from '../runtime/package-root.ts';
import { SCHEMA } from './pool.ts';
import { withClient } from './with-client.ts';

const MIGRATIONS = join(packageRoot, 'infra/postgres/migrations');

/**
 * Applies the migrations that are missing, or the first `count` of them, in one transaction and in one
 * process at a time. Returns how many it applied.
 */
export async function migrate(url: string, count?: number): Promise<number> {
  return await withClient(url, async (client) => {
    await ensureSchema(client);
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      ...(count !== undefined && { count }),
      migrationsTable: 'migrations',
      schema: SCHEMA,
      migrationsSchema: SCHEMA,
      singleTransaction: true,
      log: () => undefined,
    });
    return applied.length;
  });
}

/** Checks first, because CREATE SCHEMA requires a right on the database even if the schema exists. */
async function ensureSchema(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [SCHEMA]);
  // Another supervisor may create it at the same time.
  if (rowCount === 0) await client.query('CREATE SCHEMA IF NOT EXISTS daytrade');
}

/** Drops the schema and creates an empty one, in one transaction. */
export async function recreateSchema(url: string): Promise<void> {
  await withClient(url, (client) => client.query(RECREATE));
}

const RECREATE = 'BEGIN; DROP SCHEMA IF EXISTS daytrade CASCADE; CREATE SCHEMA daytrade; COMMIT';
