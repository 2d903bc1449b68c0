/** Text that PostgreSQL can hold: its `text` has no NUL, its `json` no half of a surrogate pair. */

const HALF_PAIR = /\p{Surrogate}/u;

export const isStorableText = (text: string): boolean =>
  !text.includes('\0') && !HALF_PAIR.test(text);
