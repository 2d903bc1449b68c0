/** Whether a database answers, and what it says of itself, each on a connection of its own. */
import pg from 'pg';
import { ConfigError } from '../runtime/errors.ts';
import { SCHEMA, SESSION_OPTIONS } from './pool.ts';

const CONNECT_MAX_MS = 2_000;
const ANSWER_MAX_MS = 2_000;
/** The migrations compress by LZ4, which version 14 brought. */
export const POSTGRES_OLDEST = 14;

export async function probeDatabase(url: string): Promise<void> {
  await ask(url, 'SELECT 1');
}

/**
 * Connects as the processes do. Rejects with a `ConfigError` where the server is too old, and with an error
 * where the settings of a session have no effect: a pooler may refuse or ignore them.
 */
export async function probeGivenDatabase(url: string): Promise<void> {
  const { version, path } = await ask(
    url,
    `SELECT current_setting('server_version') AS version, current_setting('search_path') AS path`,
    SESSION_OPTIONS,
  );
  if (Number.parseInt(String(version), 10) < POSTGRES_OLDEST) {
    throw new ConfigError(
      `PostgreSQL ${String(version)} is too old: use ${POSTGRES_OLDEST} or later`,
    );
  }
  if (path !== SCHEMA) throw new Error(`the session setting search_path was not applied`);
}

/** Resolves where it takes writes: a standby, and one that still recovers, does not. */
export async function probePrimary(url: string): Promise<void> {
  const { recovering } = await ask(url, 'SELECT pg_is_in_recovery() AS recovering');
  if (recovering !== false) throw new Error('it still recovers');
}

/** SQLSTATE of a server whose disk is full. */
export const ROOM_MISSING = '53100';

/**
 * Resolves where it answers and can write: more rows than fit a small work memory go into a temporary
 * file, which takes no right and leaves nothing behind. Rejects with `ROOM_MISSING` where there is none.
 */
export async function probeRoom(url: string): Promise<void> {
  await ask(url, "SET work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 20000)");
}

export async function hasSchema(url: string, schema: string): Promise<boolean> {
  const { found } = await ask(url, `SELECT to_regnamespace('${schema}') IS NOT NULL AS found`);
  return found === true;
}

export type DatabaseFacts = { readonly version: string; readonly clockMs: number };

/** Its version, and what its clock says. */
export async function askDatabase(url: string): Promise<DatabaseFacts> {
  const { version, ms } = await ask(
    url,
    `SELECT current_setting('server_version') AS version,
            extract(epoch FROM clock_timestamp()) * 1000 AS ms`,
  );
  return { version: String(version), clockMs: Number(ms) };
}

async function ask(
  connectionString: string,
  sql: string,
  options?: string,
): Promise<Record<string, unknown>> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
    ...(options !== undefined && { options }),
  });
  // One that breaks while it ends is of no more interest.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Several statements give a result each.
    const results = [await client.query<Record<string, unknown>>(sql)].flat();
    return results.at(-1)?.rows[0] ?? {};
  } finally {
    await client.end().catch(() => undefined);
  }
}
