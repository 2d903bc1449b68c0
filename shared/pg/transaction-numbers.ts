/** Numbers of commands that no workload file numbers. Source: SPEC §5.3. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const TAKE = statement<{ number: bigint; now: bigint }>(
  'transaction-number-take',
  `SELECT nextval('transaction_numbers') AS number,
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`,
);

/** The next number, and what time it is for the database, from which deadlines are counted. */
export async function takeNumber(
  pool: Pool,
): Promise<{ readonly number: number; readonly now: number }> {
  const [row] = await TAKE.run(pool);
  if (row === undefined) throw new TypeError('the database gave no number');
  return { number: Number(row.number), now: Number(row.now) };
}

const TAKE_MANY = statement<{ number: bigint; now: bigint }>(
  'transaction-numbers-take',
  `SELECT nextval('transaction_numbers') AS number,
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now
     FROM generate_series(1, $1)`,
);

/** The next numbers, in their order, and what time it is for the database; at least one. */
export async function takeNumbers(
  pool: Pool,
  count: number,
): Promise<{ readonly numbers: readonly number[]; readonly now: number }> {
  const rows = await TAKE_MANY.run(pool, count);
  const last = rows.at(-1);
  if (last === undefined) throw new TypeError('the database gave no number');
  return { numbers: rows.map(({ number }) => Number(number)), now: Number(last.now) };
}
