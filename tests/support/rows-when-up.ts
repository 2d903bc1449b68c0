/** What is stored, asked of a database that may be away for a moment. */
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from './recording-logger.ts';
import { until } from './until.ts';

/** A proxy in front of the database may not have looked yet where it is since a failover. */
const ANSWERS_MAX_MS = 60_000;

/** Asks again until it answers; rejects where it does not within a minute. */
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
