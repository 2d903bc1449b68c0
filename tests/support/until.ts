/** Waiting for something to become true. */

/**
 * Longer than anything takes on a machine that is busy with other work. A test that waits is over as soon as
 * the condition holds, so this decides only how soon a failure shows; a time that is demanded is asserted.
 */
const LATEST_MS = 90_000;

export type UntilOptions = {
  /** As in "the queue is empty": what is said when it did not come true. */
  readonly what: string;
  readonly timeoutMs?: number;
  /** How far apart looks are, where each costs so much that they have to be rare. */
  readonly lookMs?: number;
};

/** Looks are a tenth of the wait apart, from often to seldom: most of them cost a question to another process. */
const LOOK_MIN_MS = 20;
const LOOK_MAX_MS = 150;
const pauseAfter = (waitedMs: number): number =>
  Math.min(Math.max(waitedMs / 10, LOOK_MIN_MS), LOOK_MAX_MS);

/**
 * Resolves to the first value that is neither false nor undefined. Rejects once the time is over,
 * with the last fault as its cause, and in its text, where the condition threw.
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
