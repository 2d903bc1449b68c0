/** Probes of a database, each on a connection of its own. All reject if it does not answer in time. */
import pg from 'pg';
import { ConfigError } from '../runtime/errors.ts';
import { SCHEMA, SESSION_OPTIONS } from './pool.ts';

const CONNECT_MAX_MS = 2_000;
const ANSWER_MAX_MS = 2_000;
/** The oldest supported version: the migrations use LZ4 compression, which version 14 introduced. */
export const POSTGRES_OLDEST = 14;

/** Resolves if the database answers. */
export async function probeDatabase(url: string): Promise<void> {
  await ask(url, 'SELECT 1');
}

/**
 * Connects with the settings of the processes. Rejects with a `ConfigError` if the server is too old, and
 * with an `Error` if the settings have no effect, because a connection pooler refuses or ignores them.
 */
export async function probeGivenDatabase(url: string): Promise<void> {
  const { version, path } = await ask(
    url,
    `SELECT current_setting('server_version') AS version, current_setting('search_path') AS path`,
    { options: SESSION_OPTIONS },
  );
  if (Number.parseInt(String(version), 10) < POSTGRES_OLDEST) {
    throw new ConfigError(
      `PostgreSQL ${String(version)} is too old: use ${POSTGRES_OLDEST} or later`,
    );
  }
  if (path !== SCHEMA) throw new Error(`the session setting search_path was not applied`);
}

/** Resolves if the server accepts writes. A standby and a server that is recovering do not. */
export async function probePrimary(url: string): Promise<void> {
  const { recovering } = await ask(url, 'SELECT pg_is_in_recovery() AS recovering');
  if (recovering !== false) throw new Error('it still recovers');
}

/** The SQLSTATE of a server whose disk is full. */
export const DISK_FULL = '53100';

/**
 * Resolves if the server can write to its disk. Rejects with SQLSTATE `DISK_FULL` if the disk is full. A
 * result larger than the work memory goes to a temporary file, which needs no rights and leaves no traces.
 */
export async function probeDisk(url: string): Promise<void> {
  await ask(url, "SET work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 20000)");
}

/** Returns whether the database has the schema. */
export async function hasSchema(url: string, schema: string): Promise<boolean> {
  const { found } = await ask(
    url,
    'SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1) AS found',
    { values: [schema] },
  );
  return found === true;
}

type DatabaseFacts = {
  readonly version: string;
  /** Its time in Unix ms. */
  readonly clockMs: number;
  readonly hasLz4: boolean;
};

/** Asks the server for its version, its time, and whether it was built with LZ4. */
export async function askDatabase(url: string): Promise<DatabaseFacts> {
  const { version, ms, lz4 } = await ask(
    url,
    `SELECT current_setting('server_version') AS version,
            extract(epoch FROM clock_timestamp()) * 1000 AS ms,
            EXISTS (SELECT FROM pg_settings
                     WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) AS lz4`,
  );
  return { version: String(version), clockMs: Number(ms), hasLz4: lz4 === true };
}

/** The supported versions that get no fixes any more, and since when. */
const UNMAINTAINED: Readonly<Record<number, string>> = { 14: 'November 2026' };

/** Returns what a server lacks that does not keep the system from working, in words. Pure. */
export function lacksOf({
  version,
  hasLz4,
}: Pick<DatabaseFacts, 'version' | 'hasLz4'>): readonly string[] {
  const since = UNMAINTAINED[Number.parseInt(version, 10)];
  return [
    ...(since === undefined ? [] : [`it has had no fixes since ${since}`]),
    ...(hasLz4 ? [] : ['it was built without LZ4, so a command costs it about a fifth more time']),
  ];
}

async function ask(
  connectionString: string,
  sql: string,
  { options, values }: { readonly options?: string; readonly values?: readonly string[] } = {},
): Promise<Record<string, unknown>> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
    ...(options !== undefined && { options }),
  });
  // Ignores the loss of the connection while it closes; other losses reject the query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Several statements return an array of results.
    const results = [
      await client.query<Record<string, unknown>>(sql, values && [...values]),
    ].flat();
    return results.at(-1)?.rows[0] ?? {};
  } finally {
    await client.end().catch(() => undefined);
  }
}
