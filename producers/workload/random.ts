/** Numbers that look random and are the same wherever the seed is: 32-bit integer arithmetic only. */

export type Random = {
  /** A fraction of at least 0 and below 1. */
  readonly fraction: () => number;
  /** An integer of at least 0 and below `limit`. */
  readonly below: (limit: number) => number;
};

/** Mulberry32: 32 bits of state, ample for workloads and the same on every platform. */
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
