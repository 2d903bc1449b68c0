/** A task done again and again, never twice at once. */
import type { Logger } from './logger.ts';
import type { Timers } from './timers.ts';

export type RepeatOptions = {
  readonly name: string;
  readonly timers: Timers;
  readonly log: Logger;
  /** After each round, failed ones too. */
  readonly onRound?: () => void;
};

/** A round that comes due while the one before still runs is left out. Gives what ends it. */
export function repeat(
  task: () => Promise<void>,
  everyMs: number,
  { name, timers, log, onRound }: RepeatOptions,
): () => void {
  let isRunning = false;
  const round = (): void => {
    callOff = timers.after(everyMs, round);
    if (isRunning) return;
    isRunning = true;
    task()
      .catch((error: unknown) => log.warn('round held', { task: name, error }))
      .finally(() => {
        isRunning = false;
        onRound?.();
      });
  };
  let callOff = timers.after(everyMs, round);
  return () => callOff();
}
