/**
 * Detects hangs in a process whose event loop still runs: operations that do not end, and periodic tasks
 * that do not come again. While the service that they wait for is away, they may wait.
 */
import type { Logger } from './logger.ts';
import { OperationTimes, TaskTimes, type OperationBounds, type Timed } from './overdue.ts';
import type { Timers } from './timers.ts';

export type Breach = {
  /** The name of the operation or task. */
  readonly operation: string;
  readonly ms: number;
  readonly longestMs: number;
};

/** Rejects while the service that an operation waits for is away. Must settle within seconds. */
type Probe = () => Promise<unknown>;

export interface Watchdog {
  /** Watches an operation. Returns the function through which every run of it must go. */
  operation(
    name: string,
    bounds: OperationBounds,
    probe?: Probe,
  ): <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Watches a periodic task. Returns the function to call after each round, also after a failed one. */
  task(name: string, longestMs: number, probe?: Probe): () => void;
}

type WatchdogOptions = {
  readonly timers: Timers;
  readonly onBreach: (breach: Breach) => void;
  readonly log: Logger;
};

const CHECK_EVERY_MS = 1_000;
/** A service that is just back may be about to answer, so a breach needs two checks in a row. */
const CHECKS_TO_BREACH = 2;

/** `failedChecks` counts the checks in a row at which it was overdue although its service answered. */
type Watched = { readonly timed: Timed; readonly probe: Probe; failedChecks: number };

/** Opens a watchdog. It checks everything every second, and calls `onBreach` for each hang. */
export function openWatchdog(options: WatchdogOptions): Watchdog {
  const { timers } = options;
  const all = new Map<string, Watched>();
  const checkAll = async (): Promise<void> => {
    for (const [name, watched] of all) await check(name, watched, options);
    timers.after(CHECK_EVERY_MS, () => void checkAll());
  };
  void checkAll();

  const watch = <Of extends Timed>(name: string, timed: Of, probe: Probe): Of => {
    all.set(name, { timed, probe, failedChecks: 0 });
    return timed;
  };
  const needsNone: Probe = () => Promise.resolve();
  return {
    operation: (name, bounds, probe = needsNone) => {
      const times = watch(name, new OperationTimes(bounds), probe);
      return async (work) => {
        const run = times.begin(timers.now());
        try {
          return await work();
        } finally {
          times.end(run, timers.now());
        }
      };
    },
    task: (name, longestMs, probe = needsNone) => {
      const times = watch(name, new TaskTimes(longestMs, timers.now()), probe);
      return () => times.excuse(timers.now());
    },
  };
}

/** Checks one operation or task. Excuses it while its service is away, and after a breach. */
async function check(
  operation: string,
  watched: Watched,
  { timers, onBreach, log }: WatchdogOptions,
): Promise<void> {
  const { timed, probe } = watched;
  const found = timed.overdue(timers.now());
  if (found === undefined) {
    watched.failedChecks = 0;
    return;
  }
  try {
    await probe();
  } catch (error) {
    log.warn('operation waits for a service', { operation, ...found, error });
    watched.failedChecks = 0;
    timed.excuse(timers.now());
    return;
  }
  watched.failedChecks += 1;
  if (watched.failedChecks < CHECKS_TO_BREACH) return;
  watched.failedChecks = 0;
  timed.excuse(timers.now());
  onBreach({ operation, ...found });
}

/** A watchdog that watches nothing. */
export const NO_WATCHDOG: Watchdog = {
  operation: () => (work) => work(),
  task: () => () => undefined,
};
