/**
 * Estimates the server's time from a monotonic clock of the page. The offset is known within two bounds,
 * because the server read its clock at some time between the request and the answer.
 */

/** The bounds on how far the server's clock is ahead of the page's, in ms. */
export type ClockOffset = { readonly least: number; readonly most: number };

/** An initial guess, which the first measurement that contradicts it replaces. */
export const guessedOffset = (offset: number): ClockOffset => ({ least: offset, most: offset });

/** Measures the offset by an answer that was requested at `sentAt` and came at `receivedAt`. */
export const offsetBy = (serverNow: number, sentAt: number, receivedAt: number): ClockOffset => ({
  least: serverNow - receivedAt,
  most: serverNow - sentAt,
});

/** Bounds the offset by a message that the server sent unasked, which may have been delayed for any time. */
export const offsetHeard = (serverNow: number, heardAt: number): ClockOffset => ({
  least: serverNow - heardAt,
  most: Infinity,
});

/** Intersects the bounds. A contradicting measurement replaces them: the device slept, or a clock drifted. */
export function narrowOffset(known: ClockOffset, measured: ClockOffset): ClockOffset {
  const least = Math.max(known.least, measured.least);
  const most = Math.min(known.most, measured.most);
  return least <= most ? { least, most } : measured;
}

export const serverTime = (pageNow: number, { least, most }: ClockOffset): number =>
  pageNow + (most === Infinity ? least : (least + most) / 2);
