/** An estimate of the database's time, so that all processes decide by one clock. */
import { instant, type Instant } from '../domain/time.ts';
import type { Timers } from '../runtime/timers.ts';

export interface DatabaseClock {
  /** Takes a time in Unix ms that the database has just returned. */
  observe(now: number): void;
  /** Returns a lower bound of the database's time, behind it by as much as the last answer took to arrive. */
  now(): Instant;
}

/**
 * Adds the monotonic time since the last observation. The database read its clock before the answer
 * arrived here, so its time is never earlier than this estimate.
 */
export function openDatabaseClock(timers: Pick<Timers, 'now'>): DatabaseClock {
  let observed = 0;
  let arrivedAt = 0;
  return {
    observe: (now) => {
      observed = now;
      arrivedAt = timers.now();
    },
    now: () => instant(Math.floor(observed + timers.now() - arrivedAt)),
  };
}
