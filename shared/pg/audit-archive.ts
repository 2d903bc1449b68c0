/** Moves months of the audit log to files and back. */
import type { Readable, Writable } from 'node:stream';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { AUDIT_COLUMNS } from '../messages/audit-entry.ts';
import { CodedError } from '../runtime/errors.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

/** A month in UTC, like a partition of the audit log. */
export type Month = {
  /** `2026-09`. */
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Parses a month; undefined if the text is not one. */
export function parseMonth(text: string): Month | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return {
    name: text,
    fromMs: Date.UTC(Number(year), Number(month) - 1),
    untilMs: Date.UTC(Number(year), Number(month)),
  };
}

/** Lists the months of partitions, by their names, and of rows in the default partition. */
const MONTHS = statement<{ month: string }>(
  'archive-months',
  `SELECT month FROM (
     SELECT translate(substr(c.relname, 14), '_', '-') AS month
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'audit_events'::regclass
      UNION
     SELECT to_char(to_timestamp(at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM') FROM audit_events_rest
   ) AS months ORDER BY month`,
);

/** Returns the months of the log that end before `before` begins, the oldest first. */
export async function archivableMonths(pool: Pool, before: Month): Promise<readonly Month[]> {
  return (await MONTHS.run(pool))
    .map(({ month }) => parseMonth(month))
    .filter((month) => month !== undefined)
    .filter(({ untilMs }) => untilMs <= before.fromMs);
}

const WAITING = statement<{ waiting: boolean }>(
  'archive-waiting',
  `SELECT EXISTS (SELECT 1 FROM outbox WHERE at < to_timestamp($1 / 1000.0)) AS waiting`,
);

/** Whether committed events of a month or of an earlier time are not stored yet. A file would miss them. */
export async function isWaitingFor(pool: Pool, { untilMs }: Month): Promise<boolean> {
  return (await WAITING.run(pool, untilMs))[0]?.waiting ?? true;
}

const COLUMNS = AUDIT_COLUMNS.join(', ');
const CSV = '(FORMAT csv, HEADER)';

/** Streams a month's rows as CSV with a header, in the order of the log. `rowCount` is set at the end. */
export const copyMonthOut = (
  client: Client,
  { fromMs, untilMs }: Month,
): Readable & { readonly rowCount: number } =>
  client.query(
    copyTo(
      `COPY (SELECT ${COLUMNS} FROM audit_events WHERE at >= ${fromMs} AND at < ${untilMs}
              ORDER BY outbox_id, index) TO STDOUT ${CSV}`,
    ),
  );

/** Returns a stream that stores CSV with a header, as `copyMonthOut` gives it, in a prepared month. */
export const copyMonthIn = (
  client: Client,
  { table }: PreparedMonth,
): Writable & { readonly rowCount: number } =>
  client.query(copyFrom(`COPY ${table} (${COLUMNS}) FROM STDIN ${CSV}`));

const DROP = statement<{ rows: bigint }>(
  'archive-drop',
  `SELECT drop_audit_month($1::date) AS rows`,
);
const RECORD = statement(
  'archive-record',
  `INSERT INTO audit_archives (month, until_ms, rows, file) VALUES ($1, $2, $3, $4)`,
);

/**
 * Drops a month whose `rows` rows are all in `file`. Must run in a transaction: rejects with
 * `not-finished` if the month has another number of rows, so that the transaction is rolled back.
 */
export async function dropMonth(
  client: Client,
  { name, untilMs }: Month,
  { rows, file }: { readonly rows: number; readonly file: string },
): Promise<void> {
  // Audit messages wait behind this lock, which may wait for minutes for a backup that reads the log.
  await client.query(`SET LOCAL lock_timeout = '1s'`);
  const [dropped] = await DROP.run(client, `${name}-01`);
  if (Number(dropped?.rows) !== rows) {
    throw new CodedError('not-finished', `${name} grew meanwhile; nothing was dropped. Try again.`);
  }
  await RECORD.run(client, name, untilMs, rows, file);
}

const FORGET = statement<{ rows: bigint }>(
  'archive-forget',
  `DELETE FROM audit_archives WHERE month = $1 RETURNING rows`,
);

const IS_SEPARATE = statement<{ separate: boolean }>(
  'archive-is-separate',
  `SELECT to_regclass($1) IS NULL
          AND NOT EXISTS (SELECT FROM audit_events_rest WHERE at >= $2 AND at < $3) AS separate`,
);

const CREATE = `CREATE TABLE %I (LIKE audit_events INCLUDING ALL,
   CONSTRAINT of_month CHECK (at >= %s AND at < %s))`;
/** Because of the check constraint, PostgreSQL does not scan the rows. */
const ATTACH = `ALTER TABLE audit_events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)`;
const DROP_CHECK = `ALTER TABLE %I DROP CONSTRAINT of_month`;

const FORMAT = statement<{ text: string }>(
  'archive-format',
  `SELECT format($1, VARIADIC $2::text[]) AS text`,
);

/** Runs a definition. Names in it cannot be parameters, so the server formats and quotes them. */
async function define(
  client: Client,
  [form, ...names]: readonly [form: string, ...names: string[]],
): Promise<void> {
  const [row] = await FORMAT.run(client, form, names);
  await client.query(row?.text ?? '');
}

/** The table for the rows of an archived month until they are part of the log. */
type PreparedMonth = {
  readonly table: string;
  /** The number of rows that the month had when it was archived. */
  readonly rows: number;
  /** Makes the table a partition of the log. */
  readonly attach: () => Promise<void>;
};

/**
 * Prepares the return of an archived month; undefined if it is not archived. Must run in a transaction.
 * Makes a table that is not part of the log yet, so that copying rows in makes nobody wait for a lock. If
 * the log has a partition or rows of that month already, its rows are copied into the log itself.
 */
export async function prepareMonth(
  client: Client,
  month: Month,
): Promise<PreparedMonth | undefined> {
  const [archived] = await FORGET.run(client, month.name);
  if (archived === undefined) return undefined;
  const rows = Number(archived.rows);
  const { fromMs, untilMs } = month;
  const table = `audit_events_${month.name.replace('-', '_')}`;
  const [found] = await IS_SEPARATE.run(client, table, fromMs, untilMs);
  if (found?.separate !== true) {
    return { table: 'audit_events', rows, attach: () => Promise.resolve() };
  }
  await define(client, [CREATE, table, `${fromMs}`, `${untilMs}`]);
  const attach = async (): Promise<void> => {
    await define(client, [ATTACH, table, `${fromMs}`, `${untilMs}`]);
    await define(client, [DROP_CHECK, table]);
  };
  return { table, rows, attach };
}
