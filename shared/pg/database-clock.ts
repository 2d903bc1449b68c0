/** What time it is for the database, as far as this process knows: one clock decides for all. */
import { instant, type Instant } from '../domain/time.ts';
import type { Timers } from '../runtime/timers.ts';

export interface DatabaseClock {
  /** Learns from a time that the database told just now. */
  observe(now: number): void;
  /** A lower bound of the database's time, some milliseconds behind it at most. */
  now(): Instant;
}

/**
 * Counts on from the time told last by the monotonic clock. It was told before it arrived here, so
 * the database's time is never earlier than this says.
 */
export function openDatabaseClock(timers: Pick<Timers, 'now'>): DatabaseClock {
  let told = 0;
  let arrivedAt = 0;
  return {
    observe: (now) => {
      told = now;
      arrivedAt = timers.now();
    },
    now: () => instant(Math.floor(told + timers.now() - arrivedAt)),
  };
}
