/** A pace that sends a user's next message after the answer to the one before, as people do. */
import type { Pace } from '../../producers/workload/pace.ts';
import { deferred } from '../../shared/runtime/deferred.ts';

export type ClosedLoop = { readonly pace: Pace; readonly answered: () => void };

/** Holds messages back while the given number of them is unanswered. */
export function closedLoop(unansweredMax: number): ClosedLoop {
  let unanswered = 0;
  let change = deferred();
  return {
    pace: async () => {
      while (unanswered >= unansweredMax) await change.promise;
      unanswered += 1;
    },
    answered: () => {
      unanswered -= 1;
      change.resolve();
      change = deferred();
    },
  };
}
