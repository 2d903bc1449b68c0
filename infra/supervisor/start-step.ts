/** A step of the start: says what it waits for, and is given up where nothing goes on. */
import { CodedError } from '../../shared/runtime/errors.ts';
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import { SYSTEM_TIMERS, type Timers } from '../../shared/runtime/timers.ts';

/** A start that takes longer than this says what it waits for. */
const PATIENCE_MS = 5_000;
/**
 * A step in which nothing goes on for this long never ends. A whole start, of which this is a part, took 40 s
 * on two cores that twelve other processes wanted: a slow machine fails no start.
 */
export const STALL_MAX_MS = 120_000;

/** Something that a step waits for. */
export type Wait = {
  /** As in "Waiting for NAME …". */
  readonly name: string;
  /** As far as it is known: such as the last line of its log. */
  readonly why: () => string | Promise<string>;
};

export type StartStep = {
  /** What it waits for now. The step goes on when these become others. */
  readonly waits: () => readonly Wait[];
  /** Ends the step; its reason is what is thrown. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly timers?: Timers;
};

export type TrackedWaits = {
  /** Those whose work is not done. */
  readonly waits: () => readonly Wait[];
  /** Resolves or rejects as `work` does. */
  readonly track: <Result>(wait: Wait, work: Promise<Result>) => Promise<Result>;
};

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
 * Resolves with `work`. Rejects where that does, and once the signal is aborted or the step is given up; the
 * signal that `work` gets is aborted then.
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
  const look = async (): Promise<void> => {
    const present = waits();
    const presentNames = present.map(({ name }) => name).join();
    if (presentNames !== names) movedAt = timers.now();
    names = presentNames;
    const lines = await Promise.all(
      present.map(async ({ name, why }) => `Waiting for ${name} … (${await why()})`),
    );
    if (hasEnded) return;
    lines.forEach(say);
    if (timers.now() - movedAt < STALL_MAX_MS) callOff = timers.after(PATIENCE_MS, next);
    else onStalled(stalledError(lines));
  };
  const next = (): void => void look();
  let callOff = timers.after(PATIENCE_MS, next);
  return () => {
    hasEnded = true;
    callOff();
  };
}

const stalledError = (lines: readonly string[]): CodedError =>
  new CodedError(
    'not-finished',
    [`The start was given up: nothing went on for ${STALL_MAX_MS / 1_000} s.`, ...lines].join('\n'),
  );
