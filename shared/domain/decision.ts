/** The result of `decide`: a command is accepted, is rejected, or needs a quote first. */
import type { DomainEvent } from './event.ts';
import type { ArmingId, StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import type { Quote } from './quote.ts';
import type { Rejection } from './rejection.ts';
import type { Instant } from './time.ts';

/** Everything besides the portfolio that the decision of one command depends on. */
export type Context = {
  /** The database's time, read once per transaction: all commands of a batch have the same. */
  readonly now: Instant;
  /** The command's transaction number. An arming keeps it. */
  readonly number: number;
  /** The quote of the command's symbol; undefined while the caller has none. */
  readonly quote: Quote | undefined;
  /** The id of the arming if this command arms a trigger. */
  readonly armingId: ArmingId;
  /** Whether the user who gave the command may dump the whole log. */
  readonly administrator: boolean;
  /** The last instant at which the command is in time; undefined = it is never too late. */
  readonly deadline: Instant | undefined;
};

export type Decision =
  | {
      readonly type: 'accepted';
      readonly events: readonly DomainEvent[];
      /** The price that the decision used, if it used one. */
      readonly usedPrice?: Cents;
    }
  | { readonly type: 'rejected'; readonly rejection: Rejection; readonly usedPrice?: Cents }
  | { readonly type: 'quote-needed'; readonly symbol: StockSymbol };

/** Makes the decision of an accepted command. */
export const accepted = (...events: readonly DomainEvent[]): Decision => ({
  type: 'accepted',
  events,
});

/** Makes the decision of a rejected command. */
export const rejected = (rejection: Rejection): Decision => ({ type: 'rejected', rejection });

/**
 * Decides with the current price. Returns `quote-needed` if the context has no quote yet, and rejects
 * the command if the quote is unavailable.
 */
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
