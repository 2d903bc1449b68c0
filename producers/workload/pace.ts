/** How fast commands may be sent. */

/** Resolves when the next `count` commands are due. */
export type Pace = (count: number) => Promise<void>;

export const asFastAsAnswered: Pace = () => Promise.resolve();

/**
 * So many commands a second on average, whatever the answers do: one that falls behind does not
 * slow those after it down.
 */
export function atRate(commandsPerSecond: number): Pace {
  let dueAt = performance.now();
  return async (count) => {
    const waitMs = dueAt - performance.now();
    dueAt += (count * 1_000) / commandsPerSecond;
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
