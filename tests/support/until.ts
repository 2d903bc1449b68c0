/** Waits until a condition holds. */

/**
 * The longest wait, longer than anything takes on a busy machine. A wait ends as soon as the condition
 * holds, so this decides only how soon a failure shows. A test asserts the times that it demands.
 */
const LATEST_MS = 90_000;

export type UntilOptions = {
  /** The condition in words, such as "the queue is empty", for the error. */
  readonly what: string;
  readonly timeoutMs?: number;
  /** The time between checks, for a condition that is expensive to check. */
  readonly lookMs?: number;
};

/** Checks are a tenth of the wait so far apart, within these bounds: most of them ask another process. */
const LOOK_MIN_MS = 20;
const LOOK_MAX_MS = 150;
const pauseAfter = (waitedMs: number): number =>
  Math.min(Math.max(waitedMs / 10, LOOK_MIN_MS), LOOK_MAX_MS);

/**
 * Resolves to the first value of the condition that is neither false nor undefined. Rejects once the time
 * is over; if the condition threw, the last error is the cause, and part of the text.
 */
export async function until<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  { what, timeoutMs = LATEST_MS, lookMs }: UntilOptions,
): Promise<Value> {
  const startedAt = Date.now();
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    const waitedMs = Date.now() - startedAt;
    if (waitedMs > timeoutMs) throw new Error(lateness(what, timeoutMs, cause), { cause });
    await new Promise((resolve) => setTimeout(resolve, lookMs ?? pauseAfter(waitedMs)));
  }
}

const lateness = (what: string, timeoutMs: number, cause: unknown): string =>
  `not within ${timeoutMs} ms: ${what}${cause instanceof Error ? `: ${cause.message}` : ''}`;
