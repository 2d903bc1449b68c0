/** Handles a message until its fate is known, and carries the fate out. */
import { asContractError } from '../runtime/errors.ts';
import { backoffMs } from '../runtime/backoff.ts';
import type { Logger } from '../runtime/logger.ts';
import { sleep } from '../runtime/timers.ts';
import type { Delivery, UnackedDelivery } from './delivery.ts';
import type { FateCounts } from './fate-meter.ts';
import { fateAfter, type Fate } from './fate.ts';
import { assertSoundProperties, park, type ParkedFate, type Parking } from './park.ts';

export type Handling<Message> = {
  /** Parses the body. If it throws, the message is parked. */
  readonly parse: (body: Buffer, delivery: Delivery) => Message;
  /** Handles a message. If it throws, `fateAfter` gives the fate. */
  readonly handle: (message: Message, delivery: Delivery) => Fate | Promise<Fate>;
  /**
   * Where messages are parked. Without it they are only logged: for answers, whose request is sent again,
   * and for copies of a message that another consumer parks.
   */
  readonly parking?: Parking;
};

export type HandlingDeps = {
  /** The name of the consumer, for logs. */
  readonly name: string;
  readonly log: Logger;
  /** Each fate is added to them. */
  readonly counts?: FateCounts | undefined;
  readonly pause?: (ms: number) => Promise<void>;
};

type DoneFate = Extract<Fate, { is: 'done' }>;

const HELD_BACKOFF = { firstMs: 100, longestMs: 2_000 };

/**
 * Acks a message that is *done*, parks and acks one that is *parked*, and handles one that is *held* again
 * after a backoff. Held messages stay unacked, so that the prefetch bounds their number. Stops if the
 * channel closes, because the broker then delivers the message again. Never rejects: an error that left
 * this function would end the process, and the next one would get the same message.
 */
export async function handleDelivery<Message>(
  delivery: UnackedDelivery,
  { parse, handle, parking }: Handling<Message>,
  { name, log, counts, pause = sleep }: HandlingDeps,
): Promise<void> {
  const { messageId } = delivery;
  const end = async (fate: DoneFate | ParkedFate): Promise<void> => {
    if (counts !== undefined) counts[fate.is] += 1;
    if (fate.is === 'parked') {
      if (parking !== undefined) await park(delivery, fate, { ...parking, log, pause });
      else log.warn('message not read', { name, messageId, error: fate.why });
    }
    delivery.ack();
  };
  let message: Message;
  try {
    assertSoundProperties(delivery);
    message = parse(delivery.body, delivery);
  } catch (error) {
    await end({ is: 'parked', why: asContractError(error) });
    return;
  }
  let since: string | undefined;
  for (let attempt = 0; delivery.isOpen(); attempt += 1) {
    let fate: Fate;
    try {
      fate = await handle(message, delivery);
    } catch (error) {
      fate = fateAfter(error);
    }
    switch (fate.is) {
      case 'done':
      case 'parked':
        await end(fate);
        return;
      case 'held':
        if (counts !== undefined) counts.held += 1;
        since ??= new Date().toISOString();
        log.warn('message held', { name, messageId, attempt, since, error: fate.error });
        await pause(backoffMs(attempt, HELD_BACKOFF));
    }
  }
}
