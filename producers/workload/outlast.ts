/** The end of a run outlasts a database that is away: all is answered by then, and only to be told. */
import { isTransient } from '../../shared/pg/retryable.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { pause, type Timers } from '../../shared/runtime/timers.ts';

/** A failover takes seconds, a start after a crash tens of them. */
const AWAY_MAX_MS = 60_000;
const AGAIN_AFTER_MS = 500;

export type OutlastOptions = {
  /** Ends the waiting; the work is done then. */
  readonly signal: AbortSignal;
  readonly timers: Timers;
  readonly log: Logger;
};

/**
 * Does work that may be done twice until the database lets it. Rejects with its last fault where that
 * does not pass, within a minute, or the signal is given.
 */
export async function outlast<Value>(
  work: () => Promise<Value>,
  { signal, timers, log }: OutlastOptions,
): Promise<Value> {
  const until = timers.now() + AWAY_MAX_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || signal.aborted || timers.now() >= until) throw error;
      log.warn('end of the run held', { error });
    }
    await pause(timers, AGAIN_AFTER_MS, signal);
  }
}
