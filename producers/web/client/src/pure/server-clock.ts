/**
 * The server's time by a clock of the page that only goes forward. An offset is known between two
 * bounds, because an answer says what the server's clock showed somewhere between question and answer.
 */

/** How far the server's clock is ahead of the page's, in milliseconds: at least and at most. */
export type ClockOffset = { readonly least: number; readonly most: number };

/** A guess, which the first measurement replaces. */
export const guessedOffset = (offset: number): ClockOffset => ({ least: offset, most: offset });

/** From an answer that was asked for at `sentAt` and came at `receivedAt`. */
export const offsetBy = (serverNow: number, sentAt: number, receivedAt: number): ClockOffset => ({
  least: serverNow - receivedAt,
  most: serverNow - sentAt,
});

/** From a message that the server sent by itself: it may have been on the way for any time. */
export const offsetHeard = (serverNow: number, heardAt: number): ClockOffset => ({
  least: serverNow - heardAt,
  most: Infinity,
});

/** A measurement that contradicts what was known replaces it: the device slept, or a clock drifted. */
export function narrowOffset(known: ClockOffset, measured: ClockOffset): ClockOffset {
  const least = Math.max(known.least, measured.least);
  const most = Math.min(known.most, measured.most);
  return least <= most ? { least, most } : measured;
}

export const serverTime = (pageNow: number, { least, most }: ClockOffset): number =>
  pageNow + (most === Infinity ? least : (least + most) / 2);
