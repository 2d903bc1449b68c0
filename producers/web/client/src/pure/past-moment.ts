/** Decides which past portfolio a moment of the value chart opens. */

const DAY_MS = 86_400_000;

const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** The last instant of the UTC day of a moment. */
const endOfDay = (at: number): number => (dayOf(at) + 1) * DAY_MS - 1;

/** A moment so recent that it is the present: the chart's last points are at most this far behind. */
const PRESENT_MS = 2_000;

/**
 * Returns the instant to open for a moment: the end of its UTC day, by which the profit of a day is counted, or the
 * moment itself if its day is not over. Undefined for the present.
 */
export function momentToOpen(at: number, now: number): number | undefined {
  if (at > now - PRESENT_MS) return undefined;
  return dayOf(at) < dayOf(now) ? endOfDay(at) : at;
}

/** Returns the label of the day's profit. */
export const dayLabel = (isPast: boolean): string => (isPast ? 'P/L that day' : 'P/L today');

/** The address of the portfolio at an instant; undefined is the present. */
export const portfolioPath = (at: number | undefined): string =>
  at === undefined ? '/portfolio' : `/portfolio?at=${at}`;

/** Returns the ends of the days before and after that of an instant. */
export const daysBeside = (at: number): { readonly before: number; readonly after: number } => ({
  before: endOfDay(at) - DAY_MS,
  after: endOfDay(at) + DAY_MS,
});
