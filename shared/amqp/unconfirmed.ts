/** Watches how long published messages wait for their confirms. */
import type { Timers } from '../runtime/timers.ts';

const CHECK_EVERY_MS = 200;
/**
 * The longest wait for a confirm. After a queue's leader is lost, a node may send to it for up to ten more
 * seconds (rabbit_fifo_client's timer). A new connection sends to the present leader.
 */
const CONFIRM_MAX_MS = 1_000;
/**
 * The wait doubles each time it is exceeded, up to this, because reconnecting slows down a broker that
 * is slow already. It returns to `CONFIRM_MAX_MS` after `CALM_MS` in which it was not exceeded.
 */
const CONFIRM_MAX_LONGEST_MS = 16_000;
const CALM_MS = 30_000;

export interface Unconfirmed {
  /** Registers a message; the caller calls the returned function when it is confirmed or refused. */
  add(): () => void;
}

/** Calls `onStuck` when a message has waited too long, and forgets all messages that wait by then. */
export function openUnconfirmed(timers: Timers, onStuck: () => void): Unconfirmed {
  const waiting = new Set<{ readonly at: number }>();
  let confirmMaxMs = CONFIRM_MAX_MS;
  let stuckAt = -Infinity;
  let isChecking = false;

  /** Sets a timer only while a message waits, so that an idle publisher does not keep the process alive. */
  const checkLater = (): void => {
    isChecking = waiting.size > 0;
    if (isChecking) timers.after(CHECK_EVERY_MS, checkRepeatedly);
  };
  const checkRepeatedly = (): void => {
    check();
    checkLater();
  };
  const check = (): void => {
    // A set keeps the order in which its entries were added.
    const [oldest] = waiting;
    const now = timers.now();
    if (now - stuckAt > CALM_MS) confirmMaxMs = CONFIRM_MAX_MS;
    if (oldest === undefined || now - oldest.at < confirmMaxMs) return;
    waiting.clear();
    stuckAt = now;
    confirmMaxMs = Math.min(2 * confirmMaxMs, CONFIRM_MAX_LONGEST_MS);
    onStuck();
  };
  return {
    add: () => {
      const entry = { at: timers.now() };
      waiting.add(entry);
      if (!isChecking) checkLater();
      return () => void waiting.delete(entry);
    },
  };
}
