/** Renders the audit log as an XML document, in constant memory. */
import { LOG_HEAD, LOG_TAIL, renderEntry } from './audit-entry-xml.ts';
import { scanAudit } from './audit-scan.ts';
import type { Pool } from './pool.ts';

/**
 * Yields the document in pieces: one user's log, or the whole log if `user` is undefined. Calls `onRows`
 * with the number of rows of each piece. Rejects as `scanAudit` does.
 */
export async function* auditXml(
  pool: Pool,
  user: string | undefined,
  onRows: (count: number) => void = () => undefined,
): AsyncGenerator<string> {
  yield LOG_HEAD;
  for await (const rows of scanAudit(pool, user)) {
    onRows(rows.length);
    yield rows.map(renderEntry).join('');
  }
  yield LOG_TAIL;
}
