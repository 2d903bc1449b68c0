/** Parks messages that cannot be read: publishes a copy with the reason, then acks the original. */
import { PARKED_EXCHANGE, type ParkedFrom } from '../messages/address.ts';
import { showText } from '../messages/show-text.ts';
import { isStorableText } from '../messages/storable-text.ts';
import { asContractError, ContractError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Delivery } from './consumer.ts';
import type { Publisher } from './publisher.ts';

const RETRY_MS = 1_000;
/** AMQP's limit for a property, in bytes. A property that is not UTF-8 may exceed it once it is decoded. */
const PROPERTY_BYTES_MAX = 255;

export type Parking = {
  readonly from: ParkedFrom;
  readonly publisher: Publisher;
  readonly log: Logger;
};

/**
 * Parses the message of a delivery, or parks the delivery and returns undefined. It catches every error
 * of parsing: an error that left this function would close the channel, and the next consumer would
 * get the same message.
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

/** Returns an error if the headers cannot be decoded, or a property can neither be stored nor sent back. */
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

/** Returns the text, or undefined if it cannot be a property of another message. */
function fitting(text: string | undefined): string | undefined {
  if (text === undefined || !isStorableText(text)) return undefined;
  return Buffer.byteLength(text) <= PROPERTY_BYTES_MAX ? text : undefined;
}

export type ParkOptions = {
  /** The id under which the message is replayed; the id of the delivery if absent. */
  readonly messageId?: string;
};

/**
 * Publishes a copy until the broker confirms it, then acks the original. Gives up if the channel of the
 * delivery closes, because the broker then delivers the original again.
 */
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
