/** Setting aside bytes that are no message: published with the reason, confirmed, then acked. */
import { PARKED_EXCHANGE, type ParkedFrom } from '../messages/address.ts';
import { ContractError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Delivery } from './consumer.ts';
import type { Publisher } from './publisher.ts';

const RETRY_MS = 1_000;

export type Parking = {
  readonly from: ParkedFrom;
  readonly publisher: Publisher;
  readonly log: Logger;
};

/** Hands a delivery's message on; one that cannot be read is parked, and the next goes on. */
export function readOrPark<Message>(
  delivery: Delivery,
  parse: (body: Uint8Array) => Message,
  parking: Parking,
): Message | undefined {
  try {
    return parse(delivery.body);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    void park(delivery, error, parking);
    return undefined;
  }
}

/** Tries until the broker has it: only then is the original let go. */
export async function park(
  delivery: Delivery,
  reason: ContractError,
  parking: Parking,
): Promise<void> {
  const { from, publisher, log } = parking;
  while (delivery.isOpen()) {
    try {
      await publisher.publish({
        exchange: PARKED_EXCHANGE,
        key: from,
        body: delivery.body,
        type: delivery.type ?? '',
        ...(delivery.replyTo !== undefined && { replyTo: delivery.replyTo }),
        headers: { reason: reason.message, code: reason.code, 'message-id': delivery.messageId },
      });
      log.warn('message parked', { from, messageId: delivery.messageId, reason: reason.message });
      delivery.ack();
      return;
    } catch (error) {
      log.warn('parking failed', { from, messageId: delivery.messageId, error });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
