/** Reproducible random draws: the same text and numbers give the same draw in every process. */

/** Hashes text to 32 bits (FNV-1a with a finalizer). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return stir(hash);
}

/**
 * Derives a hash from a hash and a number. Unlike a stream, it gives any draw without the previous
 * ones.
 */
export const mix = (hash: number, salt: number): number =>
  stir(Math.imul(hash ^ Math.imul(salt | 0, 0x9e3779b1), 0x85ebca6b) + 0x6b79f8a5);

/** Maps a hash to [0, 1). */
export const unit = (hash: number): number => (hash >>> 0) / 2 ** 32;

/** Maps a hash to a draw from the normal distribution of mean 0 and deviation 1 (Box–Muller). */
export function normal(hash: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unit(hash)));
  return radius * Math.cos(2 * Math.PI * unit(mix(hash, 1)));
}

/** The finalizer of MurmurHash3: every bit of the input affects every bit of the result. */
function stir(hash: number): number {
  let stirred = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  stirred = Math.imul(stirred ^ (stirred >>> 13), 0xc2b2ae35);
  return stirred ^ (stirred >>> 16);
}
