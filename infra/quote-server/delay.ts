/** The delays measured on the legacy server: a whole number of seconds, plus about 9 ms. */

/** The number of hits, of a hundred, that take 0, 1, 2, … seconds. */
const HITS_BY_SECONDS: readonly number[] = [66, 16, 8, 6, 4];

const LEAST_MS = 8;
const SPREAD_MS = 2;

/** Returns a delay, in ms, from the measured distribution; both draws lie in [0, 1). */
export function delayMs(secondsDraw: number, spreadDraw: number): number {
  return secondsOf(secondsDraw * 100) * 1_000 + LEAST_MS + spreadDraw * SPREAD_MS;
}

function secondsOf(rank: number): number {
  let hits = 0;
  for (const [seconds, count] of HITS_BY_SECONDS.entries()) {
    hits += count;
    if (rank < hits) return seconds;
  }
  return HITS_BY_SECONDS.length - 1;
}
