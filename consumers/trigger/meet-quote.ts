/** Sends firings for the armed triggers that a changed quote meets. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';

type MeetOptions = {
  /** Loads the firings of the triggers that a quote meets. */
  readonly metBy: (quote: ReceivedQuote) => Promise<readonly UserFiring[]>;
  /** Publishes firings; resolves once the broker has confirmed them. */
  readonly fire: (firings: readonly UserFiring[], trace: Delivery['trace']) => Promise<void>;
};

/** A quote is done once the broker has confirmed every firing; a fault before that holds it. */
export const meetQuote =
  ({ metBy, fire }: MeetOptions) =>
  async (quote: ReceivedQuote, { trace }: Pick<Delivery, 'trace'>): Promise<Fate> => {
    await fire(await metBy(quote), trace);
    return DONE;
  };
