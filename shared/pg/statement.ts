/** Prepared statements: parsed once a connection, then only bound. */
import type { QueryResult, QueryResultRow } from 'pg';
import type { Client, Pool } from './pool.ts';

/** What PostgreSQL takes as a parameter here; lists travel as arrays. */
export type Parameter =
  string | number | bigint | boolean | null | readonly (string | number | bigint | null)[];

export type Statement<Row extends QueryResultRow> = {
  run(client: Client | Pool, ...values: readonly Parameter[]): Promise<readonly Row[]>;
};

/** A named statement with its text constant: values go in as parameters only. */
export function statement<Row extends QueryResultRow = never>(
  name: string,
  text: string,
): Statement<Row> {
  return {
    run: async (client, ...values) => {
      const result: QueryResult<Row> = await client.query<Row, Parameter[]>({
        name,
        text,
        values: [...values],
      });
      return result.rows;
    },
  };
}
