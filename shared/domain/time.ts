/** Instants are the database's, in Unix milliseconds: one clock decides for every process. */

export type Instant = number & { readonly unit: 'unix-ms' };

export const instant = (unixMs: number): Instant => unixMs as Instant;

export const later = (from: Instant, byMs: number): Instant => instant(from + byMs);
