/** The wait before another attempt. */

export type Backoff = {
  readonly firstMs: number;
  readonly longestMs: number;
};

/**
 * Returns the wait in ms after attempt number `attempt`, counted from 0. It doubles from `firstMs` up to
 * `longestMs`; a random part, up to half of it, is left out, so that many processes do not retry at once.
 * `random` returns a number in [0, 1).
 */
export function backoffMs(
  attempt: number,
  { firstMs, longestMs }: Backoff,
  random: () => number = Math.random,
): number {
  const doubled = Math.min(firstMs * 2 ** Math.min(attempt, 30), longestMs);
  return doubled * (0.5 + random() * 0.5);
}
