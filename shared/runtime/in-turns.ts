/** Long computations that let the event loop take a turn whenever they yield. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export type Steps<Result> = Generator<undefined, Result>;

/** Resolves to the result, with a turn of the event loop after each step. */
export async function finishInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

/** Returns the result without a pause. */
export function finishAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
