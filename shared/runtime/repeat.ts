/** Repeats a task at an interval, never twice at once. */
import type { Logger } from './logger.ts';
import type { Timers } from './timers.ts';

type RepeatOptions = {
  readonly name: string;
  readonly timers: Timers;
  readonly log: Logger;
  /** Called after each round, also after a failed one. */
  readonly onRound?: () => void;
};

/**
 * Runs `task` every `everyMs`, for the first time after `everyMs`. Skips a round that is due while the
 * previous one still runs, and logs errors. Returns a function that stops it.
 */
export function repeat(
  task: () => Promise<void>,
  everyMs: number,
  { name, timers, log, onRound }: RepeatOptions,
): () => void {
  let isRunning = false;
  const round = (): void => {
    cancel = timers.after(everyMs, round);
    if (isRunning) return;
    isRunning = true;
    task()
      .catch((error: unknown) => log.warn('round held', { task: name, error }))
      .finally(() => {
        isRunning = false;
        onRound?.();
      });
  };
  let cancel = timers.after(everyMs, round);
  return () => cancel();
}
