/** Queries a database that may be away for a moment. */
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from './recording-logger.ts';
import { until } from './until.ts';

/** The longest wait: after a failover, a proxy needs time to find the new primary. */
const ANSWERS_MAX_MS = 60_000;

/** Repeats the query until the database answers. Rejects if it does not within a minute. */
export async function rowsWhenUp<Row extends Record<string, unknown>>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const pool = openPool({ url, name: 'test', size: 1, log: recordingLogger() });
  try {
    const { rows } = await until(() => pool.query<Row>(text, [...values]), {
      what: 'the database answers',
      timeoutMs: ANSWERS_MAX_MS,
    });
    return rows;
  } finally {
    await pool.end();
  }
}
