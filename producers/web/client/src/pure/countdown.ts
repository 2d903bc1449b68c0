/** Computes the remaining life of an order, and the ages of prices, by the server's clock. */

export type Countdown = {
  readonly secondsLeft: number;
  /** From 1 (just begun) to 0 (over). */
  readonly fractionLeft: number;
  readonly isOver: boolean;
};

export function countdown(from: number, until: number, now: number): Countdown {
  const left = Math.max(0, until - now);
  const whole = Math.max(1, until - from);
  return {
    // Rounded up, so that it shows 0 only when the time is over.
    secondsLeft: Math.ceil(left / 1_000),
    fractionLeft: Math.min(1, left / whole),
    isOver: left === 0,
  };
}

/** Formats the time left for a small place: `59 s`, `61 min`, `2 h`, rounded up. */
export function formatTimeLeft(secondsLeft: number): string {
  if (secondsLeft < 100) return `${secondsLeft} s`;
  const minutes = Math.ceil(secondsLeft / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/** The remaining seconds that a screen reader announces; more would drown out everything else. */
const SPOKEN_AT = [30, 10, 5];

/** Returns the announcement when a countdown reaches a second; undefined if there is none. */
export const spokenCountdown = (secondsLeft: number): string | undefined =>
  SPOKEN_AT.includes(secondsLeft) ? `${secondsLeft} seconds left to commit.` : undefined;

/** Formats an age: `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}
