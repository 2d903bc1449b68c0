/** Formats instants in the reader's language and time zone, always with 24 hours. */

/** `Nov 25, 2026, 14:55:18`. */
export const formatInstant = (at: number): string =>
  new Date(at).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });

/** `Nov 25, 2026`. */
export const formatDay = (at: number): string =>
  new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' });

/** `14:55`. */
export const formatTime = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short', hourCycle: 'h23' });

/** `14:55:18`. */
export const formatClock = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
