/** Audits a dump that cannot be written as an `errorEvent`. Source: SPEC §5.2. */
import { renderAuditRows, type AuditEntry } from '../../shared/messages/audit-entry.ts';
import { copyRows } from '../../shared/pg/audit-insert.ts';
import type { OpenDump } from '../../shared/pg/dump-leases.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import type { Client } from '../../shared/pg/pool.ts';
import type { DumpRefusal } from './dump-refusal.ts';

/**
 * Adds the `errorEvent` to the log, in the transaction that stores the outcome, so that it is added
 * once. It names no stream, because the command at that position was accepted.
 */
export async function insertDumpFailure(
  client: Client,
  dump: OpenDump,
  { server, refusal }: { readonly server: string; readonly refusal: DumpRefusal },
): Promise<void> {
  const { now, outboxId } = await takeNow(client);
  const entry: AuditEntry = {
    kind: 'errorEvent',
    at: now,
    server,
    number: Number(dump.number ?? dump.position),
    user: dump.user,
    command: 'DUMPLOG',
    file: dump.file,
    message: `${refusal.code}: ${refusal.message}`,
  };
  await copyRows(client, [Buffer.from(renderAuditRows([entry], outboxId))]);
}
