/**
 * The server's time. The page counts by `performance.now()`, which nobody can set; it may stand still
 * while the device sleeps. The device's own clock, which can be set to anything, serves for one
 * thing: when the two move apart, the device slept or its clock was set, and the server is asked.
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
  /** The server's time, a few times a second. */
  readonly now: ReadonlySignal<number>;
  /** The server's time at this instant. */
  readonly read: () => number;
  /** Asks the server for something that tells its time. */
  readonly measure: <Answer extends Told>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** The server told its time by itself. */
  readonly hear: (told: Told) => void;
  /** Whether the device may have slept since the last measurement. */
  readonly isDoubtful: () => boolean;
  /** Calls when the device may have slept, and when the page is looked at again. */
  readonly onDoubt: (check: (hasSlept: boolean) => void) => void;
};

type Told = { readonly now: number };

const TICK_MS = 250;
/** Larger than what a busy page or the correction of a clock by the network causes. */
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
  // A hidden page's timers may not run for minutes, and a frozen one's not at all.
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
    hear: ({ now }) => learn(offsetHeard(now, performance.now())),
    isDoubtful: () => isFar(measuredApart),
    onDoubt: (check) => void checks.push(check),
  };
}
