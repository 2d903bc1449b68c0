/** Setting messages aside that cannot be read: published with the reason, confirmed, then acked. */
import { PARKED_EXCHANGE, type ParkedFrom } from '../messages/address.ts';
import { showText } from '../messages/show-text.ts';
import { isStorableText } from '../messages/storable-text.ts';
import { asContractError, ContractError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Delivery } from './consumer.ts';
import type { Publisher } from './publisher.ts';

const RETRY_MS = 1_000;
/** AMQP's bound on a property, in bytes. Bytes that are not UTF-8 grow beyond it when they are read. */
const PROPERTY_BYTES_MAX = 255;

export type Parking = {
  readonly from: ParkedFrom;
  readonly publisher: Publisher;
  readonly log: Logger;
};

/**
 * Returns the message of a delivery. Parks one that cannot be read, whatever is thrown while it is
 * read: a fault that left this function would close the channel, and the next consumer would meet
 * the same message.
 */
export function readOrPark<Message>(
  delivery: Delivery,
  parse: (body: Uint8Array) => Message,
  parking: Parking,
): Message | undefined {
  try {
    const fault = propertyFault(delivery);
    if (fault !== undefined) throw fault;
    return parse(delivery.body);
  } catch (error) {
    void park(delivery, asContractError(error), parking);
    return undefined;
  }
}

const PROPERTIES = {
  messageId: 'message_id',
  correlationId: 'correlation_id',
  replyTo: 'reply_to',
  type: 'type',
} as const;
type Property = keyof typeof PROPERTIES;

/** Why a message is parked for its properties: one could be neither stored nor sent back. */
export function propertyFault(
  delivery: Pick<Delivery, Property | 'hasUndecodableHeaders'>,
): ContractError | undefined {
  if (delivery.hasUndecodableHeaders === true) {
    return new ContractError('message-unreadable', 'its headers cannot be decoded');
  }
  const properties = Object.keys(PROPERTIES) as Property[];
  const unfit = properties.find((property) => fitting(delivery[property]) !== delivery[property]);
  if (unfit === undefined) return undefined;
  const reason = `its ${PROPERTIES[unfit]} has a NUL or is not UTF-8`;
  return new ContractError('message-unreadable', reason);
}

/** Undefined where the text could not be a property of a message again. */
function fitting(text: string | undefined): string | undefined {
  if (text === undefined || !isStorableText(text)) return undefined;
  return Buffer.byteLength(text) <= PROPERTY_BYTES_MAX ? text : undefined;
}

export type ParkOptions = {
  /** The id to replay the message under; the delivery's own if absent. */
  readonly messageId?: string;
};

/** Tries until the broker has confirmed the copy, then acks the original. */
export async function park(
  delivery: Delivery,
  reason: ContractError,
  { from, publisher, log, messageId = delivery.messageId }: Parking & ParkOptions,
): Promise<void> {
  const replyTo = fitting(delivery.replyTo);
  const correlationId = fitting(delivery.correlationId);
  while (delivery.isOpen()) {
    try {
      await publisher.publish({
        exchange: PARKED_EXCHANGE,
        key: from,
        body: delivery.body,
        type: fitting(delivery.type) ?? '',
        ...(replyTo !== undefined && { replyTo }),
        ...(correlationId !== undefined && { correlationId }),
        headers: {
          reason: reason.message,
          code: reason.code,
          'message-id': fitting(messageId) ?? showText(messageId),
        },
      });
      log.warn('message parked', { from, messageId, reason: reason.message });
      delivery.ack();
      return;
    } catch (error) {
      log.warn('parking failed', { from, messageId, error });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
