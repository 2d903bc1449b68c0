/** What is published and not confirmed yet, and for how long. */
import type { Timers } from '../runtime/timers.ts';

const LOOK_MS = 200;
/**
 * A node of a cluster may go on asking a queue's leader of before, for up to ten seconds, when that
 * was lost a moment ago (rabbit_fifo_client's timer). A connection made anew asks the leader of now.
 */
const PATIENCE_MS = 1_000;
/** Where all is slow, leaving makes it slower: it is waited longer each time, until all was calm. */
const PATIENCE_MAX_MS = 16_000;
const CALM_MS = 30_000;

export interface Unconfirmed {
  /** Something was published; what it returns is to be called when that is settled. */
  add(): () => void;
}

/** Calls `onStuck` when something was not confirmed for as long as is waited for. */
export function openUnconfirmed(timers: Timers, onStuck: () => void): Unconfirmed {
  const waiting = new Set<{ readonly at: number }>();
  let patienceMs = PATIENCE_MS;
  let stuckAt = -Infinity;
  let isLooking = false;

  /** Only while something waits: an idle publisher keeps no process from ending. */
  const lookAgain = (): void => {
    isLooking = waiting.size > 0;
    if (isLooking) timers.after(LOOK_MS, look);
  };
  const look = (): void => {
    check();
    lookAgain();
  };
  const check = (): void => {
    // In the order in which they were added.
    const [oldest] = waiting;
    const now = timers.now();
    if (now - stuckAt > CALM_MS) patienceMs = PATIENCE_MS;
    if (oldest === undefined || now - oldest.at < patienceMs) return;
    waiting.clear();
    stuckAt = now;
    patienceMs = Math.min(2 * patienceMs, PATIENCE_MAX_MS);
    onStuck();
  };
  return {
    add: () => {
      const entry = { at: timers.now() };
      waiting.add(entry);
      if (!isLooking) lookAgain();
      return () => void waiting.delete(entry);
    },
  };
}
