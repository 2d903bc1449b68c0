/** Stores audit messages once each: deleting a message's outbox row is the claim to store its events. */
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { AUDIT_COLUMNS } from '../messages/audit-entry.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

export type AuditMessage = {
  readonly outboxId: string;
  /** The message's rows in COPY's text format. */
  readonly body: Buffer;
};

const CLAIM = statement<{ id: bigint }>(
  'outbox-claim',
  `DELETE FROM outbox WHERE id = ANY ($1::bigint[]) RETURNING id`,
);

const CLAIM_LEFT = statement<{ id: bigint; body: string }>(
  'outbox-claim-left',
  `DELETE FROM outbox WHERE id IN (
     SELECT id FROM outbox WHERE at < clock_timestamp() - make_interval(secs => $1)
      ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
   RETURNING id, body`,
);

const COPY = `COPY audit_events (${AUDIT_COLUMNS.join(', ')}) FROM STDIN`;

/** Stores the messages that were not stored before, in one transaction. Returns how many. */
export async function insertAudit(pool: Pool, messages: readonly AuditMessage[]): Promise<number> {
  return await inTransaction(pool, async (client) => {
    const ids = messages.map(({ outboxId }) => outboxId);
    const claimed = new Set((await CLAIM.run(client, ids)).map(({ id }) => id.toString()));
    const bodies = messages
      .filter(({ outboxId }) => claimed.delete(outboxId))
      .map(({ body }) => body);
    await copyRows(client, bodies);
    return bodies.length;
  });
}

/** Stores up to `most` messages that were committed long ago and did not arrive. Returns how many. */
export async function insertLeftOver(
  pool: Pool,
  { olderThanS, most }: { readonly olderThanS: number; readonly most: number },
): Promise<number> {
  return await inTransaction(pool, async (client) => {
    const rows = await CLAIM_LEFT.run(client, olderThanS, most);
    await copyRows(
      client,
      rows.map(({ body }) => Buffer.from(body)),
    );
    return rows.length;
  });
}

/** Stores rows in COPY's text format, in the transaction of `client`. */
export async function copyRows(client: Client, bodies: readonly Buffer[]): Promise<void> {
  if (bodies.length === 0) return;
  const copy = client.query(copyFrom(COPY));
  copy.end(Buffer.concat(bodies));
  await finished(copy);
}
