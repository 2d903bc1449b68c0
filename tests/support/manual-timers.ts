/** Time that stands still until a test moves it. */
import type { Timers } from '../../shared/runtime/timers.ts';

export interface ManualTimers extends Timers {
  /** Moves time on. Runs the timers that fall due in their order, each with all that follows from it. */
  advance(ms: number): Promise<void>;
  /** Returns the number of timers that are set; none should be left at the end of a test. */
  pending(): number;
}

type Due = { readonly at: number; readonly run: () => void };

export function manualTimers(): ManualTimers {
  const due = new Set<Due>();
  let now = 0;
  const next = (until: number): Due | undefined =>
    [...due].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
  return {
    now: () => now,
    pending: () => due.size,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      due.add(timer);
      return () => void due.delete(timer);
    },
    soon: (run) => void due.add({ at: now, run }),
    advance: async (ms) => {
      const until = now + ms;
      await settled();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        due.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
        await settled();
      }
      now = until;
    },
  };
}

/** Resolves after every promise that can settle has settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
