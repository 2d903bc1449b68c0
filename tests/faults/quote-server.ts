/** Fault 8: the quote server fails in every way it can; others are unharmed, and it recovers by itself. */
import { describe, expect, test } from '@jest/globals';
import type { QuoteFault } from '../../infra/quote-server/fault.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';

const TEST_MS = 240_000;
/** A run ends within this: no command waits longer for its quote, and only those behind it in its lane wait with it. */
const RUN_MAX_MS = 60_000;

/** Runs on a system that it shares with the other fault tests. */
export function failQuoteServer(
  faults: () => FaultSystem,
  quoteFaults: readonly QuoteFault[],
): void {
  describe('a quote server that fails', () => {
    test.each(quoteFaults)(
      '%s for a while: commands wait a bounded time, and then everything works again',
      async (fault) => {
        await faults().quotes.setFault(fault);
        const healed = setTimeout(() => void faults().quotes.setFault(undefined), 3_000);
        const since = performance.now();
        try {
          const run = startRun(faults(), { name: `quotes ${fault}`, commands: 150, users: 6 });
          await run.result;
          expect(performance.now() - since).toBeLessThan(RUN_MAX_MS);
          await expectSound(faults(), run);
        } finally {
          clearTimeout(healed);
          await faults().quotes.setFault(undefined);
        }
      },
      TEST_MS,
    );
  });
}
