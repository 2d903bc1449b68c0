/** The ways in which the stand-in can be made to fail, one at a time. */

/**
 * `refuse`: nobody listens. `hang`: the request is read, and nothing follows. `close-early`: part
 * of an answer, then the end. `garbage`: a line that is no quote. `wrong-symbol`, `negative-price`:
 * a quote but for that field.
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
