/** Limits the rate at which commands are sent. */

/** Resolves when the next `count` commands are due. */
export type Pace = (count: number) => Promise<void>;

/** Sends without a limit: only the bound on unanswered commands slows it down. */
export const asFastAsAnswered: Pace = () => Promise.resolve();

/**
 * Sends at a constant average rate, whatever the time of the answers: each command is due at a fixed
 * instant, so a late one does not delay those after it.
 */
export function atRate(commandsPerSecond: number): Pace {
  let dueAt = performance.now();
  return async (count) => {
    const waitMs = dueAt - performance.now();
    dueAt += (count * 1_000) / commandsPerSecond;
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
