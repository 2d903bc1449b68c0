/** Prepared statements: parsed once a connection, then only bound. */
import type { QueryResult, QueryResultRow } from 'pg';
import type { Client, Pool } from './pool.ts';

/** What PostgreSQL takes as a parameter here; lists travel as arrays. */
export type Parameter =
  string | number | bigint | boolean | null | readonly (string | number | bigint | null)[];

export type Statement<Row extends QueryResultRow> = {
  run(client: Client | Pool, ...values: readonly Parameter[]): Promise<readonly Row[]>;
};

export type StatementBound = {
  /** Without an answer for so long it rejects, and a pool drops the connection. */
  readonly maxMs: number;
};

/** A named statement with its text constant: values go in as parameters only. */
export function statement<Row extends QueryResultRow = never>(
  name: string,
  text: string,
  bound?: StatementBound,
): Statement<Row> {
  const config = { name, text, ...(bound !== undefined && { query_timeout: bound.maxMs }) };
  return {
    run: async (client, ...values) => {
      try {
        const result: QueryResult<Row> = await client.query<Row, Parameter[]>({
          ...config,
          values: [...values],
        });
        return result.rows;
      } catch (error) {
        if (!isAftermath(error)) causes.set(client, error);
        throw error;
      }
    },
  };
}

/** What a connection's statements failed of last, other than for an earlier one's failure. */
const causes = new WeakMap<Client | Pool, unknown>();

/** SQLSTATE 25P02: refused for no reason of its own, but because a statement before it failed. */
const isAftermath = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '25P02';

/**
 * Why a transaction failed. In a pipeline the statements behind the one at fault are refused in the
 * same breath, and theirs may be the error that is heard of first; whether the fault passes is
 * decided by its cause.
 */
export const causeOf = (client: Client, error: unknown): unknown =>
  isAftermath(error) ? (causes.get(client) ?? error) : error;
