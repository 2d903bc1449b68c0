/** Requests for dumps of the audit log. */
import type { DumpRequest } from '../ports/batch-store.ts';
import type { Client } from './pool.ts';
import { statement } from './statement.ts';

const INSERT = statement(
  'dumps-insert',
  `INSERT INTO dumps (user_id, stream, position, scope, file, up_to_outbox, reply_to,
                      correlation_id, asked_at, number)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

/** Records a dump in the transaction of its command. The dump must contain the audit message `outboxId`. */
export const insertDump = (
  client: Client,
  dump: DumpRequest,
  { outboxId, now }: { readonly outboxId: string; readonly now: number },
): Promise<unknown> =>
  INSERT.run(
    client,
    dump.user,
    dump.stream,
    dump.position,
    dump.scope,
    dump.file,
    outboxId,
    dump.replyTo ?? null,
    dump.correlationId,
    now,
    dump.number,
  );

const ASK_AGAIN = statement(
  'dumps-ask-again',
  `UPDATE dumps SET answered = false, reply_to = $4, correlation_id = $5
    WHERE user_id = $1 AND stream = $2 AND position = $3`,
);

/** Records a repeated request for a dump, which is answered once the dump is written. */
export const askDumpAgain = (client: Client, dump: DumpRequest): Promise<unknown> =>
  ASK_AGAIN.run(
    client,
    dump.user,
    dump.stream,
    dump.position,
    dump.replyTo ?? null,
    dump.correlationId,
  );
