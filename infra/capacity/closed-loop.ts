/** A pace that sends a user's next message after the answer to the one before, as people do. */
import type { Pace } from '../../producers/workload/pace.ts';
import { openCount } from '../../shared/runtime/count.ts';

export type ClosedLoop = { readonly pace: Pace; readonly answered: () => void };

/** Holds messages back while the given number of them is unanswered. */
export function closedLoop(unansweredMax: number): ClosedLoop {
  const unanswered = openCount();
  return {
    pace: async () => {
      await unanswered.fewerThan(unansweredMax);
      unanswered.add(1);
    },
    answered: () => unanswered.remove(1),
  };
}
