/** The AMQP message of an outbox row. */
import { AUDIT_EXCHANGE, AUDIT_KEY } from '../messages/address.ts';
import { AUDIT_MESSAGE_TYPE } from '../messages/audit-entry.ts';
import type { Publication } from './publisher.ts';

/** Makes the message of an outbox row. `trace` has the spans of the commands whose events it contains. */
export const auditPublication = (
  { id, body }: { readonly id: string; readonly body: string },
  trace?: Publication['trace'],
): Publication => ({
  exchange: AUDIT_EXCHANGE,
  key: AUDIT_KEY,
  body: Buffer.from(body),
  type: AUDIT_MESSAGE_TYPE,
  headers: { outbox: id },
  trace,
});
