/** Instants in Unix milliseconds of the database's clock, the only clock that decides anything. */

export type Instant = number & { readonly unit: 'unix-ms' };

export const instant = (unixMs: number): Instant => unixMs as Instant;

/** The instant `byMs` milliseconds after another. */
export const later = (from: Instant, byMs: number): Instant => instant(from + byMs);
