/** Describes the sessions that keep others waiting for a lock. */
import pg from 'pg';

const ANSWER_MAX_MS = 2_000;
const SHOWN_CHARACTERS = 80;

/** The sessions that hold a lock for which another session of this database waits. */
const LOCK_WAITS = `
  SELECT DISTINCT holder.pid AS "pid",
         coalesce(nullif(holder.application_name, ''), holder.usename, '?') AS "holder",
         coalesce(holder.state, '?') AS "state",
         left(holder.query, ${SHOWN_CHARACTERS}) AS "query"
    FROM pg_stat_activity waiting
    CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking(pid)
    JOIN pg_stat_activity holder ON holder.pid = blocking.pid
   WHERE waiting.datname = current_database()`;

type Row = Readonly<Record<'holder' | 'state' | 'query', string>> & {
  readonly pid: number;
};

/** Returns a phrase for each such session. Rejects if the database does not answer within two seconds. */
export async function describeLockWaits(url: string): Promise<readonly string[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Row>(LOCK_WAITS);
    return rows.map(
      ({ holder, pid, state, query }) =>
        `a lock is held by ${holder} (PostgreSQL process ${pid}, ${state}: ${query.replaceAll(/\s+/g, ' ')})`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
