/**
 * Finds what hangs within a process whose event loop is well: operations that do not end, periodic
 * tasks that do not come. What hangs because a service is away is left to wait for it.
 */
import type { Logger } from './logger.ts';
import { OperationTimes, TaskTimes, type OperationBounds, type Timed } from './overdue.ts';
import type { Timers } from './timers.ts';

export type Breach = {
  /** The operation or task. */
  readonly operation: string;
  readonly ms: number;
  readonly longestMs: number;
};

/** Rejects while the service that something waits for is away; it must settle within seconds. */
export type ServiceProbe = () => Promise<unknown>;

export interface Watchdog {
  /** Gives what runs each of an operation's works, and knows when one takes too long. */
  operation(
    name: string,
    bounds: OperationBounds,
    probe?: ServiceProbe,
  ): <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Gives what is to be called after each round of a task, whatever came of the round. */
  task(name: string, longestMs: number, probe?: ServiceProbe): () => void;
}

export type WatchdogOptions = {
  readonly timers: Timers;
  readonly onBreach: (breach: Breach) => void;
  readonly log: Logger;
};

const LOOK_MS = 1_000;
/** A service that is just back may be about to answer: what hangs is still there at the second look. */
const LOOKS_TO_BREACH = 2;

type Watched = { readonly timed: Timed; readonly probe: ServiceProbe; looks: number };

export function openWatchdog({ timers, onBreach, log }: WatchdogOptions): Watchdog {
  const all = new Map<string, Watched>();

  const look = async (operation: string, watched: Watched): Promise<void> => {
    const { timed, probe } = watched;
    const found = timed.overdue(timers.now());
    if (found === undefined) {
      watched.looks = 0;
      return;
    }
    try {
      await probe();
    } catch (error) {
      log.warn('operation waits for a service', { operation, ...found, error });
      watched.looks = 0;
      timed.excuse(timers.now());
      return;
    }
    watched.looks += 1;
    if (watched.looks < LOOKS_TO_BREACH) return;
    watched.looks = 0;
    timed.excuse(timers.now());
    onBreach({ operation, ...found });
  };
  const lookAtAll = async (): Promise<void> => {
    for (const [name, watched] of all) await look(name, watched);
    timers.after(LOOK_MS, () => void lookAtAll());
  };
  void lookAtAll();

  const watch = <Of extends Timed>(name: string, timed: Of, probe: ServiceProbe): Of => {
    all.set(name, { timed, probe, looks: 0 });
    return timed;
  };
  const needsNone: ServiceProbe = () => Promise.resolve();
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

/** Watches nothing. */
export const NO_WATCHDOG: Watchdog = {
  operation: () => (work) => work(),
  task: () => () => undefined,
};
