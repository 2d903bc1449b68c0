import { describe, expect, it } from '@jest/globals';
import { consecutiveSeeds } from '../support/drill-seeds.ts';
import { failuresOf, inParts } from './check-seeds.ts';
import { simulate } from './world.ts';

const SEEDS = 20;
const SEEDS_AT_ONCE = 10;
const TIMEOUT_MS = 120_000;

describe('a simulated system', () => {
  it.each(
    inParts(consecutiveSeeds(1, SEEDS), SEEDS_AT_ONCE).map((seeds) => ({ first: seeds[0], seeds })),
  )(
    'keeps every promise, seeds $first and after',
    async ({ seeds }) => {
      expect(await failuresOf(seeds)).toEqual([]);
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
  it('is found by seed 1 if positions are not checked', async () => {
    const [failure] = await failuresOf([1], 'positions-not-checked');
    expect(failure).toMatch(/^seed 1, step \d+: \S+ (run|web):\S+ \d+ took effect twice$/);
  });

  it('is found by seed 1 if messages are acked before the commit', async () => {
    const [failure] = await failuresOf([1], 'ack-before-commit');
    expect(failure).toMatch(/^seed 1, step \d+: .* was acked, but not committed$/);
  });

  it('is found by seed 1 if audit events are inserted without their outbox rows', async () => {
    const [failure] = await failuresOf([1], 'outbox-not-taken');
    expect(failure).toMatch(/^seed 1, step \d+: userCommand .* was audited twice$/);
  });
});
