/** How long to wait before trying again. */

export type Backoff = {
  readonly firstMs: number;
  readonly longestMs: number;
};

/**
 * Doubles from the first wait up to the longest, and takes between half and the whole of it, so that
 * many do not come at once; `random` draws from [0, 1).
 */
export function backoffMs(
  attempt: number,
  { firstMs, longestMs }: Backoff,
  random: () => number = Math.random,
): number {
  const doubled = Math.min(firstMs * 2 ** Math.min(attempt, 30), longestMs);
  return doubled * (0.5 + random() * 0.5);
}
