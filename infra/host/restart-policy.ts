/** Decides when a process or service that ended is started again. */
import { backoffMs, type Backoff } from '../../shared/runtime/backoff.ts';

/** The wait between starts that fail one after another. */
export const RESTART_BACKOFF: Backoff = { firstMs: 100, longestMs: 5_000 };
/** After a healthy run longer than this, the next restart comes at once. */
const HEALTHY_MS = 10_000;

/**
 * Returns the number of runs in a row that were not healthy, the one that just ended included.
 * `healthyMs` is how long it ran until it ended, or until something in it began to hang. Pure.
 */
export const nextAttempt = (attempt: number, healthyMs: number): number =>
  healthyMs > HEALTHY_MS ? 0 : attempt + 1;

/**
 * Returns the delay before a start, in ms. The first restart comes at once, because most exits are
 * accidents.
 */
export const restartAfterMs = (attempt: number, random?: () => number): number =>
  attempt <= 1 ? 0 : backoffMs(attempt, RESTART_BACKOFF, random);
