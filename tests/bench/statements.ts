/** What the database did: statements, by the first words of their text. */
import type { Pool } from '../../shared/pg/pool.ts';

export type StatementFigures = {
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly totalMs: number;
};

/** The counters are of the whole server: they are set to zero before each run. */
export async function resetStatements(pool: Pool): Promise<void> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public');
  await pool.query('SELECT public.pg_stat_statements_reset()');
}

/** What ran since, the costliest first; what watches, this bench included, is left out. */
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

/** Rows that were written, a command, by table and verb: what the limit writes too. */
export type RowRates = {
  readonly accounts: number;
  readonly holdings: number;
  readonly ordersNew: number;
  readonly ordersGone: number;
  readonly triggers: number;
  readonly triggersGone: number;
  readonly ledger: number;
  readonly auditEvents: number;
};

export function rowRatesOf(statements: readonly StatementFigures[], commands: number): RowRates {
  const rate = (beginning: string): number =>
    statements
      .filter(({ text }) => text.startsWith(beginning))
      .reduce((sum, { rows }) => sum + rows, 0) / commands;
  return {
    accounts: rate('INSERT INTO accounts'),
    holdings: rate('INSERT INTO holdings'),
    ordersNew: rate('INSERT INTO orders'),
    ordersGone: rate('DELETE FROM orders'),
    triggers: rate('INSERT INTO triggers'),
    triggersGone: rate('DELETE FROM triggers'),
    ledger: rate('INSERT INTO ledger'),
    auditEvents: rate('COPY audit_events'),
  };
}
