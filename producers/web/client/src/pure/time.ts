/** Instants as people read them: in the reader's own language and zone, by 24 hours everywhere. */

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
