/** Prepared statements, parsed once per connection. */
import type { QueryResult, QueryResultRow } from 'pg';
import type { Client, Pool } from './pool.ts';

/** A parameter of a statement. Lists are sent as arrays. */
export type Parameter =
  string | number | bigint | boolean | null | readonly (string | number | bigint | null)[];

export type Statement<Row extends QueryResultRow> = {
  run(client: Client | Pool, ...values: readonly Parameter[]): Promise<readonly Row[]>;
};

type StatementBound = {
  /** If there is no answer within this time, `run` rejects and the pool drops the connection. */
  readonly maxMs: number;
};

/** Makes a prepared statement with a constant text. Values are passed as parameters only. */
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

/** The last error of each connection's statements that was not a consequence of an earlier one. */
const causes = new WeakMap<Client | Pool, unknown>();

/** Whether a statement was refused only because an earlier one of its transaction failed: SQLSTATE 25P02. */
const isAftermath = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '25P02';

/**
 * Returns the cause of a transaction's failure. In a pipeline, the statements after the one that failed
 * are refused too, and one of their errors may be caught first. Only the cause tells whether a retry may
 * succeed.
 */
export const causeOf = (client: Client, error: unknown): unknown =>
  isAftermath(error) ? (causes.get(client) ?? error) : error;
