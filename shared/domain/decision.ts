/** What `decide` answers: a command takes effect, is refused, or must wait for a quote. */
import type { DomainEvent } from './event.ts';
import type { ArmingId, StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import type { Quote } from './quote.ts';
import type { Rejection } from './rejection.ts';
import type { Instant } from './time.ts';

/** What the shell has fetched for one command. */
export type Context = {
  /** The database's time of this attempt: one instant for all that is decided in it. */
  readonly now: Instant;
  /** The command's transaction number, which an arming keeps. */
  readonly number: number;
  /** The settled quote of the command's symbol, if there is one. */
  readonly quote: Quote | undefined;
  /** The id that an arming made by this command gets. */
  readonly armingId: ArmingId;
  /** Whether the asker may dump the whole log. */
  readonly administrator: boolean;
  /** After this instant the command is too late; undefined = never. */
  readonly deadline: Instant | undefined;
};

export type Decision =
  | {
      readonly type: 'accepted';
      readonly events: readonly DomainEvent[];
      /** The price it used, if it used one. */
      readonly usedPrice?: Cents;
    }
  | { readonly type: 'rejected'; readonly rejection: Rejection; readonly usedPrice?: Cents }
  | { readonly type: 'quote-needed'; readonly symbol: StockSymbol };

export const accepted = (...events: readonly DomainEvent[]): Decision => ({
  type: 'accepted',
  events,
});

export const rejected = (rejection: Rejection): Decision => ({ type: 'rejected', rejection });

/** Goes on with the current price, or asks for it; refuses where none was to be had. */
export function withPrice(
  context: Context,
  symbol: StockSymbol,
  decide: (price: Cents) => Decision,
): Decision {
  const { quote } = context;
  if (quote === undefined) return { type: 'quote-needed', symbol };
  if (quote.type === 'unavailable') return rejected('quote-unavailable');
  const decision = decide(quote.price);
  return decision.type === 'quote-needed' ? decision : { ...decision, usedPrice: quote.price };
}
