/** Pseudorandom numbers that a seed determines on every platform, by 32-bit integer arithmetic. */

export type Random = {
  /** A fraction of at least 0 and below 1. */
  readonly fraction: () => number;
  /** An integer of at least 0 and below `limit`. */
  readonly below: (limit: number) => number;
};

/** Returns a Mulberry32 generator; its 32 bits of state are enough for workloads. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return { fraction, below: (limit) => Math.floor(fraction() * limit) };
}
