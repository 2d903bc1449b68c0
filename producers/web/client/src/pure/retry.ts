/** When to ask again for the outcome of a write, or for the stream of events. */
const FIRST_MS = 400;
const MOST_MS = 5_000;

/**
 * Doubles from 0.4 s to 5 s, and takes between half and the whole of it: every page loses a server
 * that restarts at the same time. `random` draws from [0, 1).
 */
export function retryDelayMs(tries: number, random: () => number = Math.random): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** tries) * (0.5 + random() * 0.5);
}

/** Whether an answer of this status leaves open if the write took effect. */
export const isOutcomeUnknown = (status: number): boolean => status >= 500 || status === 429;
