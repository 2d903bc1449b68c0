/** Counts what the database did: its statements, by the first words of their text. */
import type { Pool } from '../../shared/pg/pool.ts';

export type StatementFigures = {
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly totalMs: number;
};

/** Sets the counters to zero; they belong to the whole server. */
export async function resetStatements(pool: Pool): Promise<void> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public');
  await pool.query('SELECT public.pg_stat_statements_reset()');
}

/** Returns the statements since the reset, the costliest first, without those that read the counters. */
export async function loadStatements(pool: Pool): Promise<readonly StatementFigures[]> {
  const { rows } = await pool.query<{
    text: string;
    calls: bigint;
    rows: bigint;
    total_ms: number;
  }>(
    `SELECT regexp_replace(left(query, 200), '\\s+', ' ', 'g') AS text,
            sum(calls)::bigint AS calls, sum(rows)::bigint AS rows,
            sum(total_exec_time) AS total_ms
       FROM public.pg_stat_statements WHERE query !~ 'pg_stat_statements'
      GROUP BY 1 ORDER BY 4 DESC`,
  );
  return rows.map(({ text, calls, rows: count, total_ms: totalMs }) => ({
    text,
    calls: Number(calls),
    rows: Number(count),
    totalMs,
  }));
}

/** Counts the database transactions that decided commands: each begins with its users' lock rows. */
export const batchesOf = (statements: readonly StatementFigures[]): number =>
  statements.find(({ text }) => text.startsWith('INSERT INTO users'))?.calls ?? 0;
