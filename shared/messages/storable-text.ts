/** Text that PostgreSQL can store: `text` excludes NUL, and `json` excludes half of a surrogate pair. */

const HALF_PAIR = /\p{Surrogate}/u;

/** Whether PostgreSQL can store a text. */
export const isStorableText = (text: string): boolean =>
  !text.includes('\0') && !HALF_PAIR.test(text);
