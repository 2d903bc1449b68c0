/** Time for whoever waits, so that a test need not. */

export interface Timers {
  /** Milliseconds that only grow: a wall clock that is set back lengthens no bound. */
  now(): number;
  /** Runs something later; the function it returns calls that off. */
  after(ms: number, run: () => void): () => void;
  /** Runs something once what has arrived by now is handled. */
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

/** Waits, but no longer than until the signal is given. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = timers.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
