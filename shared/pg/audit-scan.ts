/**
 * Reads the audit log in its order, in constant memory. Each page is a statement of its own, so a slow
 * reader holds no connection, lock or snapshot between pages.
 */
import type { AuditKind } from '../messages/audit-entry.ts';
import { TransientError } from '../runtime/errors.ts';
import type { Pool } from './pool.ts';
import { isLostConnection } from './retryable.ts';
import { statement } from './statement.ts';

export type AuditRow = {
  readonly outbox_id: bigint;
  readonly index: number;
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

const ROWS_AT_ONCE = 2_000;
/** A page takes milliseconds. A connection without an answer for this long is assumed to be dead. */
const PAGE_MAX_MS = 30_000;
const BOUND = { maxMs: PAGE_MAX_MS };

const COLUMNS = `outbox_id, index, at, kind, server, number, user_id, command, symbol, file, funds,
  action, message, quote_server_time, cryptokey`;
const PAGE = `(outbox_id, index) > ($1, $2) AND outbox_id <= $3
  ORDER BY outbox_id, index LIMIT ${ROWS_AT_ONCE}`;

/** By the index audit_events_in_order. */
const WHOLE = statement<AuditRow>(
  'audit-page',
  `SELECT ${COLUMNS} FROM audit_events WHERE ${PAGE}`,
  BOUND,
);
/** By the primary key. */
const OF_USER = statement<AuditRow>(
  'audit-page-of-user',
  `SELECT ${COLUMNS} FROM audit_events WHERE user_id = $4 AND ${PAGE}`,
  BOUND,
);

type Extent = { readonly newest: bigint | null; readonly archived: string };

/** The newest event, and the months that are archived in files. */
const EXTENT = statement<Extent>(
  'audit-extent',
  `SELECT (SELECT max(outbox_id) FROM audit_events) AS newest,
          (SELECT coalesce(string_agg(month, ' ' ORDER BY month), '') FROM audit_archives) AS archived`,
  BOUND,
);

/** A position before every event. Ids are positive, except in tests. */
const BEFORE_ALL = -(2n ** 63n);

/**
 * Yields the events up to the newest that is stored at the call, page by page: the whole log, or that of
 * `user`. Rejects with a `TransientError` at the end if a month was archived or restored meanwhile, because
 * events may be missing.
 */
export async function* scanAudit(
  pool: Pool,
  user: string | undefined,
): AsyncGenerator<readonly AuditRow[]> {
  const { newest, archived } = await loadExtent(pool);
  let last: Pick<AuditRow, 'outbox_id' | 'index'> = { outbox_id: BEFORE_ALL, index: 0 };
  for (;;) {
    const from = [last.outbox_id, last.index, newest ?? BEFORE_ALL] as const;
    const rows = await readOnLiveConnection(pool, () =>
      user === undefined ? WHOLE.run(pool, ...from) : OF_USER.run(pool, ...from, user),
    );
    const end = rows.at(-1);
    if (end === undefined) break;
    yield rows;
    if (rows.length < ROWS_AT_ONCE) break;
    last = end;
  }
  if ((await loadExtent(pool)).archived === archived) return;
  throw new TransientError('database-unavailable', 'a month of the log was archived meanwhile');
}

async function loadExtent(pool: Pool): Promise<Extent> {
  const [extent] = await readOnLiveConnection(pool, () => EXTENT.run(pool));
  return extent ?? { newest: null, archived: '' };
}

/**
 * Repeats a read whose connection was lost. A pool may hand out a connection that the server has just
 * ended, before the driver notices. Each failed read removes one such connection from the pool, so after
 * as many failures as the pool has connections, the read gets a new one.
 */
async function readOnLiveConnection<Result>(
  pool: Pool,
  read: () => Promise<Result>,
): Promise<Result> {
  for (let lost = 0; lost < pool.options.max; lost += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isLostConnection(error)) throw error;
    }
  }
  return await read();
}
