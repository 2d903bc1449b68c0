/** The audit log for verification, at one instant, including events that are committed but not stored yet. */
import type { Client } from './pool.ts';

/**
 * `audit_start` is the end of the archived months, and `verified_audit` has all events from then on. An
 * outbox row contains events in COPY's text format. Their messages are not unescaped, because no check
 * reads them.
 */
const AUDIT_VIEW = `
  CREATE TEMP VIEW audit_start AS
  SELECT coalesce(max(until_ms), 0) AS start_ms FROM audit_archives;
  CREATE TEMP VIEW verified_audit AS
  SELECT outbox_id, index, at, kind, number, user_id, stream, position, command, symbol, funds,
         action, message
    FROM audit_events
   WHERE at >= (SELECT start_ms FROM audit_start)
   UNION ALL
  SELECT f[1]::bigint, f[2]::integer, f[3]::bigint, f[4], f[6]::bigint, f[7], nullif(f[8], '\\N'),
         nullif(f[9], '\\N')::bigint, nullif(f[10], '\\N'), nullif(f[11], '\\N'),
         nullif(f[13], '\\N')::bigint, nullif(f[14], '\\N'), nullif(f[15], '\\N')
    FROM outbox,
         LATERAL regexp_split_to_table(rtrim(body, E'\\n'), E'\\n') AS line,
         LATERAL string_to_array(line, E'\\t') AS f`;

/** Begins a read-only transaction with one snapshot. The connection must not be used again after it. */
export async function beginVerification(client: Client): Promise<void> {
  await client.query(`SET work_mem = '64MB'`);
  await client.query(AUDIT_VIEW);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
}

/** Returns the day from which the log is compared, such as `2026-09-01`; undefined if nothing is archived. */
export async function loadAuditStart(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ day: string }>(
    `SELECT to_char(to_timestamp(start_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
       FROM audit_start WHERE start_ms > 0`,
  );
  return rows[0]?.day;
}
