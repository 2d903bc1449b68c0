/** A quote as a decision uses it. Source: SPEC §3.1 and §4.2. */
import type { Cents } from './money.ts';

/**
 * `fresh`: a price that is fresh at the instant of the decision. `unavailable`: no quote could be
 * obtained within the time allowed.
 */
export type Quote =
  { readonly type: 'fresh'; readonly price: Cents } | { readonly type: 'unavailable' };
