/** Time and timers, passed in so that tests need not wait. */

export interface Timers {
  /** A monotonic time in ms, so that setting back the wall clock lengthens no wait. */
  now(): number;
  /** Runs a function after `ms`. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs a function after the events that are pending now. */
  soon(run: () => void): void;
}

export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

/** Resolves after `ms`. */
export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves after `ms`, or as soon as the signal is aborted. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(ms, end);
    signal.addEventListener('abort', end);
  });
}

/** Resolves as `work` does, or to false if that takes longer than `ms`. `work` is not stopped. */
export function within(timers: Timers, ms: number, work: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, () => resolve(false));
    void work.then((result) => {
      cancel();
      resolve(result);
    });
  });
}
