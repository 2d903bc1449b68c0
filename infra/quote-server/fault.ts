/** The faults of the stand-in quote server; one at a time. */

/**
 * - `refuse`: does not listen.
 * - `hang`: reads the request, and sends nothing.
 * - `close-early`: sends part of an answer, then closes.
 * - `garbage`: sends a line that is no quote.
 * - `wrong-symbol`, `negative-price`: sends a quote that is invalid in this field only.
 */
export const QUOTE_FAULTS = [
  'refuse',
  'hang',
  'close-early',
  'garbage',
  'wrong-symbol',
  'negative-price',
] as const;
export type QuoteFault = (typeof QUOTE_FAULTS)[number];

export const isQuoteFault = (text: unknown): text is QuoteFault =>
  QUOTE_FAULTS.some((fault) => fault === text);
