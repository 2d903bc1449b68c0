/** Tries a million inputs at the borders. `tests/property/fuzz.test.ts` tries 60,000. */
import { describe, expect, it } from '@jest/globals';
import { drillSeeds } from '../support/drill-seeds.ts';
import { BORDERS } from './borders.ts';
import { fuzzBorder } from './fuzz.ts';

const INPUTS = 1_000_000;
const TIMEOUT_MS = 600_000;

const inputsEach = Math.ceil(INPUTS / BORDERS.length);

describe.each(drillSeeds(1))('with seed %i, a border of the system', (seed) => {
  it.each(BORDERS.map((border, index) => ({ name: border.name, border, seed: seed + index })))(
    'gives a value or its own error for every input of $name',
    ({ border, seed: own }) => {
      const { crashes, valid, refused } = fuzzBorder(border, inputsEach, own);
      expect(crashes).toEqual([]);
      expect(valid).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
