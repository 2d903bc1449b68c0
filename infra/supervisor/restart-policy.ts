/** When a process that ended is started again. */
import { backoffMs } from '../../shared/runtime/backoff.ts';

const RESTART = { firstMs: 100, longestMs: 5_000 };
/** One that was well for this long: its next restart comes at once. */
const WELL_MS = 10_000;

/**
 * How often it has been started in a row without being well, this time included; `wellMs` is how long
 * it ran until it ended, or until what hung in it began to. Pure.
 */
export const nextAttempt = (attempt: number, wellMs: number): number =>
  wellMs > WELL_MS ? 0 : attempt + 1;

/** The first restart comes at once: most ends are accidents. */
export const restartAfterMs = (attempt: number, random?: () => number): number =>
  attempt <= 1 ? 0 : backoffMs(attempt, RESTART, random);
