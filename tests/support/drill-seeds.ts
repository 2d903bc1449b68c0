/** The seeds of simulations, chaos and fuzzing. */

export const consecutiveSeeds = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/** Returns the seeds that `npm run drill` was asked for by `--seeds` and `--from`, else `count` from 1 on. */
export const drillSeeds = (count: number): readonly number[] =>
  consecutiveSeeds(
    Number(process.env['DRILL_FROM'] ?? 1),
    Number(process.env['DRILL_SEEDS'] ?? count),
  );
