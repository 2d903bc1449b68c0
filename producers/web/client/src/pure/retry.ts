/** When to ask again for the outcome of a write, or for the stream of events. */
const FIRST_MS = 400;
const MOST_MS = 5_000;

/** Doubles from 0.4 s to 5 s. */
export const retryDelayMs = (tries: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** tries);

/** Whether an answer of this status leaves open if the write took effect. */
export const isOutcomeUnknown = (status: number): boolean => status >= 500 || status === 429;
