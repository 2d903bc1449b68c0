import { describe, expect, it } from '@jest/globals';
import type { PlantedBug } from './parts.ts';
import { simulate } from './world.ts';

const SEEDS = 200;
const SEEDS_AT_ONCE = 20;
const TIMEOUT_MS = 120_000;

/** Failures by seed: `npm run simulate -- --seed N` shows how each came about. */
async function failuresOf(
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

const range = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe('a simulated system', () => {
  it.each(range(0, SEEDS / SEEDS_AT_ONCE).map((part) => 1 + part * SEEDS_AT_ONCE))(
    'keeps every promise whatever befalls it, seeds %d and after',
    async (first) => {
      expect(await failuresOf(range(first, SEEDS_AT_ONCE))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('is the same, step by step, for the same seed', async () => {
    const [one, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect(again.trace).toBe(one.trace);
    expect(again.steps).toBe(one.steps);
    expect(other.trace).not.toBe(one.trace);
  });
});

describe('a bug that is planted', () => {
  it('is found by seed 1 where positions are not checked', async () => {
    const [failure] = await failuresOf([1], 'positions-not-checked');
    expect(failure).toMatch(/^seed 1, step \d+: \S+ (run|web):\S+ \d+ took effect twice$/);
  });

  it('is found by seed 1 where messages are acked before the commit', async () => {
    const [failure] = await failuresOf([1], 'ack-before-commit');
    expect(failure).toMatch(/^seed 1, step \d+: .* was acked, but not committed$/);
  });

  it('is found by seed 1 where audit events are inserted without their outbox rows', async () => {
    const [failure] = await failuresOf([1], 'outbox-not-taken');
    expect(failure).toMatch(/^seed 1, step \d+: userCommand .* was audited twice$/);
  });
});
