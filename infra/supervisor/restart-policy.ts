/** When a process that ended is started again. */
import { backoffMs } from '../../shared/runtime/backoff.ts';

const RESTART = { firstMs: 100, longestMs: 5_000 };
/** One that ran this long was well: its next restart comes at once. */
const WELL_AFTER_MS = 10_000;
/** What hangs is found only after a while: a process replaced for that was well after longer. */
const WELL_AFTER_REPLACED_MS = 600_000;

/** How often it has been started in a row without being well, this time included. Pure. */
export function nextAttempt(
  attempt: number,
  { ranMs, isReplaced }: { readonly ranMs: number; readonly isReplaced: boolean },
): number {
  const wellAfterMs = isReplaced ? WELL_AFTER_REPLACED_MS : WELL_AFTER_MS;
  return ranMs > wellAfterMs ? 0 : attempt + 1;
}

/** The first restart comes at once: most ends are accidents. */
export const restartAfterMs = (attempt: number, random?: () => number): number =>
  attempt <= 1 ? 0 : backoffMs(attempt, RESTART, random);
