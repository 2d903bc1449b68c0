/** The audit log as one XML document, in pieces and constant memory. */
import { LOG_HEAD, LOG_TAIL, renderEntry } from './audit-entry-xml.ts';
import { scanAudit } from './audit-scan.ts';
import type { Pool } from './pool.ts';

/**
 * One user's log, or the whole where `user` is undefined. Holds an ordinary connection until it is
 * read to its end or given up; ends with an error where that is lost.
 */
export async function* auditXml(
  pool: Pool,
  user: string | undefined,
  onRows: (count: number) => void = () => undefined,
): AsyncGenerator<string> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    yield LOG_HEAD;
    for await (const rows of scanAudit(client, user)) {
      onRows(rows.length);
      yield rows.map(renderEntry).join('');
    }
    yield LOG_TAIL;
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
