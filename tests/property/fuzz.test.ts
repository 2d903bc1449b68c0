import { describe, expect, it } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.ts';

const INPUTS = 60_000;

describe('a border of the system', () => {
  it.each(fuzz(INPUTS, 1))(
    'gives a value or its own error for whatever comes as $border',
    ({ crashes, valid, refused }) => {
      expect(crashes).toEqual([]);
      expect(valid).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
    },
  );
});
