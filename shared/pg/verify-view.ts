/** The audit log for verification, at one instant, including events that are committed but not stored yet. */
import { KEY_LIFETIME_MS } from './idempotency-keys.ts';
import type { Client } from './pool.ts';

/**
 * `audit_start` is the end of the archived months, and `verified_audit` has all events from then on, up to `at`. An
 * outbox row contains events in COPY's text format. Their messages are not unescaped, because no check
 * reads them.
 */
const auditViews = (at: number | undefined): string => `
  CREATE TEMP VIEW audit_start AS
  SELECT coalesce(max(until_ms), 0) AS start_ms FROM audit_archives;
  CREATE TEMP VIEW verified_audit AS SELECT * FROM (
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
         LATERAL string_to_array(line, E'\\t') AS f) AS events
   ${at === undefined ? '' : `WHERE at <= ${at}`}`;

/**
 * Views in front of the tables of the same names: what the ledger and the log say of an instant, and the keys that
 * were used by then. Pending orders are in neither, and a stream is known from the log alone, with the outcome of its last command if it had no later one.
 */
const viewsAt = (at: number): string => `
  CREATE TEMP VIEW ledger AS SELECT * FROM ledger WHERE at <= ${at};
  CREATE TEMP VIEW quote_history AS SELECT * FROM quote_history WHERE received_at <= ${at};
  CREATE TEMP VIEW idempotency_keys AS
  SELECT * FROM idempotency_keys WHERE expires_at - ${KEY_LIFETIME_MS} <= ${at};
  CREATE TEMP VIEW streams AS
  SELECT l.*, s.last_outcome FROM (
    SELECT user_id, stream, max(position) AS last, max(at) AS at FROM verified_audit
     WHERE kind = 'userCommand' AND stream IS NOT NULL GROUP BY 1, 2) AS l
    LEFT JOIN streams s USING (user_id, stream, last);
  CREATE TEMP VIEW orders AS SELECT * FROM orders WHERE false;
  CREATE TEMP VIEW accounts AS SELECT user_id, sum(balance) AS balance FROM ledger GROUP BY 1;
  CREATE TEMP VIEW holdings AS
  SELECT user_id, symbol, sum(holding) AS shares FROM ledger WHERE symbol IS NOT NULL GROUP BY 1, 2;
  CREATE TEMP VIEW triggers AS
  SELECT user_id, symbol, 'buy' AS side, sum(reserve) AS amount, sum(reserved_shares) AS shares
    FROM ledger WHERE symbol IS NOT NULL GROUP BY 1, 2`;

/** Begins a read-only transaction with one snapshot. The connection must not be used again after it. */
export async function beginVerification(client: Client, at?: number): Promise<void> {
  await client.query(`SET work_mem = '64MB'`);
  await client.query(auditViews(at));
  if (at !== undefined) await client.query(viewsAt(at));
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
