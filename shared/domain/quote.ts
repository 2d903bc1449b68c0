/** A quote as it was received, and as a decision uses it. Source: SPEC §3.1, §4.1 and §4.2. */
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import type { Instant } from './time.ts';

/** The price of one hit on the legacy quote server, in cents: SPEC §4.1. */
export const CENTS_PER_HIT = 5;

/** A price received from the quote server. `receivedAt` is the database's time. */
export type ReceivedQuote = {
  readonly symbol: StockSymbol;
  readonly price: Cents;
  readonly receivedAt: Instant;
  /** The id of the command or the arming whose request caused the hit. */
  readonly causedBy: string;
};

/**
 * `fresh`: a price that is fresh at the instant of the decision. `unavailable`: no quote could be
 * obtained within the time allowed.
 */
export type Quote =
  { readonly type: 'fresh'; readonly price: Cents } | { readonly type: 'unavailable' };
