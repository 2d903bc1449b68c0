/** A system with services of its own is broken at random for half a minute. */
import { describe, test } from '@jest/globals';
import { expectSoundChaos } from './chaos-run.ts';

const TEST_MS = 240_000;
const MINUTES = 0.5;
/** Commands are always on their way at this rate, and a busy machine keeps up with it. */
const COMMANDS_PER_S = 60;

/** `npm run drill -- chaos` runs more seeds, and longer. A seed that finds a fault becomes a named test. */
describe('chaos', () => {
  test(
    'with seed 1: everything is done in the end, and the books balance',
    () => expectSoundChaos({ seed: 1, minutes: MINUTES, commandsPerS: COMMANDS_PER_S }),
    TEST_MS,
  );
});
