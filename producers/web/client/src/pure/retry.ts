/** Decides when to retry a command or the event stream. */
const FIRST_MS = 400;
const MOST_MS = 5_000;

/**
 * Returns the delay before the next try, in ms. It doubles from 0.4 s to 5 s, with a jitter of half of it,
 * because all pages lose a restarting server at the same time. `random` draws from [0, 1).
 */
export function retryDelayMs(tries: number, random: () => number = Math.random): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** tries) * (0.5 + random() * 0.5);
}

/** Whether a response of this status leaves open if the command took effect. */
export const isOutcomeUnknown = (status: number): boolean => status >= 500 || status === 429;
