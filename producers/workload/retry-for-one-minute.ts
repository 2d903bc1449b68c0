/** Retries database work at the end of a run, when every command is answered and only counted. */
import { isTransient } from '../../shared/pg/retryable.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { retry } from '../../shared/runtime/retry.ts';
import { pause, type Timers } from '../../shared/runtime/timers.ts';

/** A failover takes seconds, and a start after a crash tens of seconds. */
const AWAY_MAX_MS = 60_000;
const RETRY = { firstMs: 500, longestMs: 500 };

type RetryOptions = {
  /** Ends the retries. A wait ends at once, and the work runs a last time. */
  readonly signal: AbortSignal;
  readonly timers: Timers;
  readonly log: Logger;
};

/**
 * Runs idempotent work until it succeeds. Rejects with its last fault if that is not transient, after one
 * minute, or once the signal is aborted.
 */
export async function retryForOneMinute<Value>(
  work: () => Promise<Value>,
  { signal, timers, log }: RetryOptions,
): Promise<Value> {
  const until = timers.now() + AWAY_MAX_MS;
  return await retry(work, {
    backoff: RETRY,
    pause: (ms) => pause(timers, ms, signal),
    isRetryable: (error) => isTransient(error) && !signal.aborted && timers.now() < until,
    onHeld: (error) => log.warn('end of the run held', { error }),
  });
}
