/** Connects to the database for one piece of work of a start or a command. */
import pg from 'pg';
import { ConfigError, TransientError } from '../runtime/errors.ts';
import { isTransient } from './retryable.ts';

const CONNECT_MAX_MS = 5_000;

/**
 * Runs `work` on a connection of its own. If it cannot connect, rejects with a `TransientError` if a retry
 * may succeed, else with a `ConfigError`. Both name the variable `DATABASE_URL`.
 */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MAX_MS });
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot connect to PostgreSQL (DATABASE_URL): ${reason}`;
    if (isTransient(cause)) throw new TransientError('database-unavailable', message, { cause });
    throw new ConfigError(message, { cause });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
