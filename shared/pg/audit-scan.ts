/** Reading the audit log in its order, in constant memory. */
import Cursor from 'pg-cursor';
import type { AuditKind } from '../messages/audit-entry.ts';
import type { Client } from './pool.ts';

export type AuditRow = {
  readonly at: bigint;
  readonly kind: AuditKind;
  readonly server: string;
  readonly number: bigint;
  readonly user_id: string;
  readonly command: string | null;
  readonly symbol: string | null;
  readonly file: string | null;
  readonly funds: bigint | null;
  readonly action: string | null;
  readonly message: string | null;
  readonly quote_server_time: bigint | null;
  readonly cryptokey: string | null;
};

const COLUMNS = `at, kind, server, number, user_id, command, symbol, file, funds, action, message,
  quote_server_time, cryptokey`;

/** By audit_events_in_order. */
const WHOLE = `SELECT ${COLUMNS} FROM audit_events ORDER BY outbox_id, index`;
/** By the primary key. */
const OF_USER = `SELECT ${COLUMNS} FROM audit_events WHERE user_id = $1 ORDER BY outbox_id, index`;

const ROWS_AT_ONCE = 2_000;

/** Yields the whole log, or one user's, in batches of rows. Needs an ordinary connection. */
export async function* scanAudit(
  client: Client,
  user: string | undefined,
): AsyncGenerator<readonly AuditRow[]> {
  const cursor = client.query(
    user === undefined ? new Cursor<AuditRow>(WHOLE) : new Cursor<AuditRow>(OF_USER, [user]),
  );
  try {
    for (;;) {
      const rows = await cursor.read(ROWS_AT_ONCE);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await cursor.close();
  }
}
