/** Simulates thousands of seeds. `simulation.test.ts` runs the first of them. */
import { describe, expect, it } from '@jest/globals';
import { drillSeeds } from '../support/drill-seeds.ts';
import { failuresOf, inParts } from './check-seeds.ts';

const SEEDS = 3_000;
const SEEDS_AT_ONCE = 100;
const TIMEOUT_MS = 600_000;

describe('a simulated system', () => {
  it.each(inParts(drillSeeds(SEEDS), SEEDS_AT_ONCE).map((seeds) => ({ first: seeds[0], seeds })))(
    'keeps every promise, seeds $first and after',
    async ({ seeds }) => {
      expect(await failuresOf(seeds)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
