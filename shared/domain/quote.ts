/** What the shell knows of a symbol's price. Source: SPEC §3.1 and §4.2. */
import type { Cents } from './money.ts';

/**
 * A settled quote: a price that is fresh at the instant of the decision, or the fact that none was
 * to be had within the bounded time.
 */
export type Quote =
  { readonly type: 'fresh'; readonly price: Cents } | { readonly type: 'unavailable' };
