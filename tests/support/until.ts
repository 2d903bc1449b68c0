/** Waiting for something to become true. */

export type UntilOptions = {
  /** As in "the queue is empty": what is said when it did not come true. */
  readonly what: string;
  readonly timeoutMs?: number;
};

const LOOK_MS = 20;

/**
 * Resolves to the first value that is neither false nor undefined. Rejects once the time is over,
 * with the last fault as its cause, and in its text, where the condition threw.
 */
export async function until<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  { what, timeoutMs = 30_000 }: UntilOptions,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(lateness(what, timeoutMs, cause), { cause });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const lateness = (what: string, timeoutMs: number, cause: unknown): string =>
  `not within ${timeoutMs} ms: ${what}${cause instanceof Error ? `: ${cause.message}` : ''}`;
