/** Finds the outbox row of an audit message. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { AUDIT_MESSAGE_TYPE } from '../../shared/messages/audit-entry.ts';
import { ContractError } from '../../shared/runtime/errors.ts';

const LINE_FEED = 0x0a;
/** The end mark of COPY data: the rows of all later messages in the same insert would be lost. */
const COPY_END = '\n\\.';

/**
 * Returns the id of the outbox row, which is the first field of the first row. Throws a `ContractError`
 * if the message is not whole rows of the COPY format in a known version.
 */
export function outboxIdOf(delivery: Pick<Delivery, 'type' | 'body'>): string {
  if (delivery.type !== AUDIT_MESSAGE_TYPE) {
    const reason = `type ${delivery.type ?? 'none'} is not known; expected ${AUDIT_MESSAGE_TYPE}`;
    throw new ContractError('message-version-unknown', reason);
  }
  const id = delivery.body.subarray(0, delivery.body.indexOf('\t')).toString('latin1');
  if (!/^\d{1,18}$/.test(id)) {
    throw new ContractError('message-unreadable', 'the first row names no outbox row');
  }
  if (delivery.body.at(-1) !== LINE_FEED || delivery.body.includes(COPY_END)) {
    throw new ContractError('message-unreadable', 'the body is not whole rows of the COPY format');
  }
  return id;
}
