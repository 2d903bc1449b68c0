/** Simulates seeds and collects what failed. */
import type { PlantedBug } from './parts.ts';
import { simulate } from './world.ts';

/** Returns the failures by seed: `npm run simulate -- --seed N` shows how each came about. */
export async function failuresOf(
  seeds: readonly number[],
  planted?: PlantedBug,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const seed of seeds) {
    const { failure, steps } = await simulate(seed, planted === undefined ? {} : { planted });
    if (failure !== undefined) failures.push(`seed ${seed}, step ${steps}: ${failure}`);
  }
  return failures;
}

/** Splits seeds into parts that a test each runs, so that a long run shows its progress. */
export function inParts(seeds: readonly number[], size: number): readonly (readonly number[])[] {
  const parts = Math.ceil(seeds.length / size);
  return Array.from({ length: parts }, (_, part) => seeds.slice(part * size, (part + 1) * size));
}
