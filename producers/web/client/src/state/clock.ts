/**
 * Estimates the server's time by `performance.now()`, which cannot be set but may stop while the device
 * sleeps. The device's clock, which can be set to any time, is used only for detection: if the two clocks
 * drift apart, the device slept or its clock was set, and the server's time is measured again.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  guessedOffset,
  narrowOffset,
  offsetBy,
  offsetHeard,
  serverTime,
  type ClockOffset,
} from '../pure/server-clock.ts';

export type Clock = {
  /** The server's time in Unix milliseconds, updated every `TICK_MS`. */
  readonly now: ReadonlySignal<number>;
  /** The server's time at this instant. */
  readonly read: () => number;
  /** Measures the server's time by a request whose answer contains it. */
  readonly measure: <Answer extends Timed>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Learns from a message that contains the server's time. */
  readonly observe: (message: Timed) => void;
  /** Whether the device may have slept since the last measurement. */
  readonly isDoubtful: () => boolean;
  /** Calls `check` when the device may have slept, and when the page becomes visible. */
  readonly onDoubt: (check: (hasSlept: boolean) => void) => void;
};

type Timed = { readonly now: number };

const TICK_MS = 250;
/** A larger drift of the clocks is not caused by a busy page or by NTP. */
const APART_MS = 1_000;

const apart = (): number => Date.now() - performance.now();

export function createClock(): Clock {
  const offset = signal<ClockOffset>(guessedOffset(performance.timeOrigin));
  const pageNow = signal(performance.now());
  let measuredApart = apart();
  let reportedApart = measuredApart;
  const checks: ((hasSlept: boolean) => void)[] = [];
  const isFar = (from: number): boolean => Math.abs(apart() - from) > APART_MS;
  const learn = (measured: ClockOffset): void => {
    offset.value = narrowOffset(offset.peek(), measured);
  };
  const tick = (): boolean => {
    pageNow.value = performance.now();
    if (!isFar(reportedApart)) return false;
    reportedApart = apart();
    for (const check of checks) check(true);
    return true;
  };
  setInterval(tick, TICK_MS);
  // The timers of a hidden page may stop for minutes, and those of a frozen page stop altogether.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || tick()) return;
    for (const check of checks) check(false);
  });
  return {
    now: computed(() => serverTime(pageNow.value, offset.value)),
    read: () => serverTime(performance.now(), offset.peek()),
    measure: async (ask) => {
      const sentAt = performance.now();
      const sentApart = apart();
      const answer = await ask();
      learn(offsetBy(answer.now, sentAt, performance.now()));
      measuredApart = sentApart;
      return answer;
    },
    observe: ({ now }) => learn(offsetHeard(now, performance.now())),
    isDoubtful: () => isFar(measuredApart),
    onDoubt: (check) => void checks.push(check),
  };
}
