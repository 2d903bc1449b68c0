/**
 * Runs a step of the start: reports what the step waits for, and gives it up if it makes no
 * progress.
 */
import { CodedError } from '../../shared/runtime/errors.ts';
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import { SYSTEM_TIMERS, type Timers } from '../../shared/runtime/timers.ts';

/**
 * The time after which a step reports what it waits for; it then repeats the report at this
 * interval.
 */
const PATIENCE_MS = 5_000;
/**
 * A step without progress for this long is given up. A whole start, which has several steps, took
 * 40 s on two cores beside twelve busy processes: a slow machine fails no start.
 */
export const STALL_MAX_MS = 120_000;

/** Something that a step waits for. */
export type Wait = {
  /** The name in "Waiting for NAME …". */
  readonly name: string;
  /** Returns the reason as far as it is known, such as the last line of a log. */
  readonly why: () => string | Promise<string>;
};

export type StartStep = {
  /** Returns what the step waits for now. A change of these names counts as progress. */
  readonly waits: () => readonly Wait[];
  /** Aborts the step; `runStep` rejects with its reason. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly timers?: Timers;
};

export type TrackedWaits = {
  /** The waits whose work is not done. */
  readonly waits: () => readonly Wait[];
  /** Lists `wait` until `work` has ended; resolves or rejects as `work` does. */
  readonly track: <Result>(wait: Wait, work: Promise<Result>) => Promise<Result>;
};

/** Keeps the list of waits for `StartStep.waits`. */
export function trackWaits(): TrackedWaits {
  const open = new Set<Wait>();
  return {
    waits: () => [...open],
    track: async (wait, work) => {
      open.add(wait);
      try {
        return await work;
      } finally {
        open.delete(wait);
      }
    },
  };
}

/**
 * Resolves with the result of `work`. Rejects if `work` does, when the step's signal is aborted, or
 * when the step is given up; in the last two cases the signal passed to `work` is aborted too.
 */
export async function runStep<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  step: StartStep,
): Promise<Result> {
  const stalled = new AbortController();
  const endWatch = watchStep(step, (error) => stalled.abort(error));
  try {
    const signal = AbortSignal.any([step.signal, stalled.signal]);
    return await orAborted(work(signal), signal);
  } finally {
    endWatch();
  }
}

function watchStep(
  { waits, say, timers = SYSTEM_TIMERS }: StartStep,
  onStalled: (error: CodedError) => void,
): () => void {
  let hasEnded = false;
  let names = '';
  let movedAt = timers.now();
  const report = async (): Promise<void> => {
    const present = waits();
    const presentNames = present.map(({ name }) => name).join();
    if (presentNames !== names) movedAt = timers.now();
    names = presentNames;
    const lines = await Promise.all(
      present.map(async ({ name, why }) => `Waiting for ${name} … (${await why()})`),
    );
    if (hasEnded) return;
    lines.forEach(say);
    if (timers.now() - movedAt < STALL_MAX_MS) cancelTimer = timers.after(PATIENCE_MS, next);
    else onStalled(stalledError(lines));
  };
  const next = (): void => void report();
  let cancelTimer = timers.after(PATIENCE_MS, next);
  return () => {
    hasEnded = true;
    cancelTimer();
  };
}

const stalledError = (lines: readonly string[]): CodedError =>
  new CodedError(
    'not-finished',
    [`The start was given up: nothing went on for ${STALL_MAX_MS / 1_000} s.`, ...lines].join('\n'),
  );
