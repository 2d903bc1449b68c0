/** A pace that sends a message once the one before is answered, as the earlier system did. */
import type { Pace } from '../../producers/workload/pace.ts';
import { deferred } from '../../shared/runtime/deferred.ts';

export function oneAtATime(): { readonly pace: Pace; readonly answered: () => void } {
  let previous = deferred();
  previous.resolve();
  return {
    pace: async () => {
      await previous.promise;
      previous = deferred();
    },
    answered: () => previous.resolve(),
  };
}
