/** Reads a message to the intake: its lines, and the id under which they take effect once. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { ContractError } from '../../shared/runtime/errors.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { intakeStream, type TextRun } from './run-text.ts';

/** The longest message, which is held in memory; larger files go in parts, or by `daytrade publish`. */
const BODY_BYTES_MAX = 16 * 1_024 * 1_024;
const MESSAGE_ID = /^[\x21-\x7e]{1,150}$/;

type Published = Pick<Delivery, 'body' | 'messageId' | 'redelivered'>;

/** Returns the run of a message; throws a `ContractError` if its lines must not be run. */
export function readPublication({ body, messageId, redelivered }: Published): TextRun {
  if (body.length > BODY_BYTES_MAX) {
    throw refusal(`${body.length} bytes; expected at most ${BODY_BYTES_MAX}: publish it in parts`);
  }
  if (messageId === '') return anonymous(body, redelivered);
  if (!MESSAGE_ID.test(messageId)) {
    throw refusal('the message_id is not 1 to 150 printable characters without spaces');
  }
  return { body, stream: intakeStream(messageId), again: true };
}

/** A message without an id runs at most once: on redelivery nothing shows which of its lines are done. */
function anonymous(body: Buffer, redelivered: boolean): TextRun {
  if (redelivered) {
    throw new ContractError(
      'message-perhaps-done',
      'it has no message_id and was in hand when a process or connection ended, so that a part of ' +
        'it may be done: the audit log says which; publish the rest again, with a message_id',
    );
  }
  return { body, stream: intakeStream(newId()), again: false };
}

const refusal = (reason: string): ContractError => new ContractError('message-unreadable', reason);
