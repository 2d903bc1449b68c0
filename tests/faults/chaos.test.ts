/** @runs-alone its faults and its deadlines are those of a system that has the machine to itself */
import { describe, test } from '@jest/globals';
import { expectSoundChaos } from './chaos-run.ts';

const TEST_MS = 240_000;
const MINUTES = 0.5;

/** `npm run drill -- chaos` runs more seeds, and longer. A seed that finds a fault becomes a named test. */
describe('chaos', () => {
  test(
    'with seed 1: everything is done in the end, and adds up',
    () => expectSoundChaos(1, MINUTES),
    TEST_MS,
  );
});
