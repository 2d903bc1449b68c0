/** A task done again and again, never twice at once. */
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

/** A round that comes due while the one before still runs is left out. Gives what ends it. */
export function repeat(
  task: () => Promise<void>,
  everyMs: number,
  { timers, log }: { readonly timers: Timers; readonly log: Logger },
): () => void {
  let isRunning = false;
  const round = (): void => {
    callOff = timers.after(everyMs, round);
    if (isRunning) return;
    isRunning = true;
    task()
      .catch((error: unknown) => log.warn('sweep held', { error }))
      .finally(() => {
        isRunning = false;
      });
  };
  let callOff = timers.after(everyMs, round);
  return () => callOff();
}
