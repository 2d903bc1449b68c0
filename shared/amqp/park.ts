/** Parks messages that can never be handled: publishes a copy with the reason. */
import { PARKED_EXCHANGE, type ParkedFrom } from '../messages/address.ts';
import { showText } from '../messages/show-text.ts';
import { isStorableText } from '../messages/storable-text.ts';
import { ContractError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { retry } from '../runtime/retry.ts';
import type { Delivery } from './delivery.ts';
import type { Fate } from './fate.ts';
import type { Publication, Publisher } from './publisher.ts';

const RETRY = { firstMs: 1_000, longestMs: 1_000 };
/** AMQP's limit for a property, in bytes. A property that is not UTF-8 may exceed it once it is decoded. */
const PROPERTY_BYTES_MAX = 255;

export type Parking = {
  /** Which queue of parked messages takes them. */
  readonly from: ParkedFrom;
  readonly publisher: Publisher;
};

export type ParkedFate = Extract<Fate, { is: 'parked' }>;
type ParkDeps = Parking & {
  readonly log: Logger;
  readonly pause: (ms: number) => Promise<void>;
};

const PROPERTIES = {
  messageId: 'message_id',
  correlationId: 'correlation_id',
  replyTo: 'reply_to',
  type: 'type',
} as const;
type Property = keyof typeof PROPERTIES;
const PROPERTY_NAMES = Object.keys(PROPERTIES) as readonly Property[];

/** Throws a `ContractError` if the headers cannot be decoded, or a property can neither be stored nor sent. */
export function assertSoundProperties(delivery: Delivery): void {
  if (delivery.hasUndecodableHeaders === true) {
    throw new ContractError('message-unreadable', 'its headers cannot be decoded');
  }
  const unfit = PROPERTY_NAMES.find((name) => fitting(delivery[name]) !== delivery[name]);
  if (unfit === undefined) return;
  throw new ContractError(
    'message-unreadable',
    `its ${PROPERTIES[unfit]} has a NUL or is not UTF-8`,
  );
}

/** Returns the text, or undefined if it cannot be a property of another message. */
function fitting(text: string | undefined): string | undefined {
  if (text === undefined || !isStorableText(text)) return undefined;
  return Buffer.byteLength(text) <= PROPERTY_BYTES_MAX ? text : undefined;
}

/**
 * Publishes a copy until the broker confirms it. Gives up if the channel of the delivery closes, because
 * the broker then delivers the original again.
 */
export async function park(
  delivery: Delivery,
  { why, messageId = delivery.messageId }: ParkedFate,
  { from, publisher, log, pause }: ParkDeps,
): Promise<void> {
  const copy = copyOf(delivery, { why, messageId, from });
  const publish = async (): Promise<void> => {
    if (!delivery.isOpen()) return;
    await publisher.publish(copy);
    log.warn('message parked', { from, messageId, reason: why.message });
  };
  await retry(publish, {
    backoff: RETRY,
    pause,
    onHeld: (error) => log.warn('parking failed', { from, messageId, error }),
  });
}

function copyOf(
  delivery: Delivery,
  {
    why,
    messageId,
    from,
  }: { readonly why: ContractError; readonly messageId: string; readonly from: ParkedFrom },
): Publication {
  const replyTo = fitting(delivery.replyTo);
  const correlationId = fitting(delivery.correlationId);
  return {
    exchange: PARKED_EXCHANGE,
    key: from,
    body: delivery.body,
    type: fitting(delivery.type) ?? '',
    ...(replyTo !== undefined && { replyTo }),
    ...(correlationId !== undefined && { correlationId }),
    headers: {
      reason: why.message,
      code: why.code,
      'message-id': fitting(messageId) ?? showText(messageId),
    },
  };
}
