/** Runs chaos by many seeds. `chaos.test.ts` is the short form. */
import { describe, test } from '@jest/globals';
import { drillSeeds } from '../support/drill-seeds.ts';
import { expectSoundChaos } from './chaos-run.ts';

const MINUTES = 2;
const COMMANDS_PER_S = 200;
/** After its last fault a run drains and verifies. */
const TEST_MS = 600_000;

describe('chaos', () => {
  test.each(drillSeeds(5))(
    'with seed %i: everything is done in the end, and the books balance',
    (seed) => expectSoundChaos({ seed, minutes: MINUTES, commandsPerS: COMMANDS_PER_S }),
    TEST_MS,
  );
});
