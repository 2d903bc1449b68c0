/** Reads the text of a search as the server stores what it finds. */

/** A number as the pages show it, with or without the word before it: `Transaction 1,000,000,038`. */
const SHOWN_NUMBER = /^(?:transaction\s+)?(\d{1,3}(?:,\d{3})+)$/i;

/** Trims a text, and removes the separators of a transaction number that is written as the pages show it. */
export function searchText(text: string): string {
  const trimmed = text.trim();
  const [, shown] = SHOWN_NUMBER.exec(trimmed) ?? [];
  return shown === undefined ? trimmed : shown.replaceAll(',', '');
}

const LENGTH_MAX = 40;

/** Returns why a text cannot be searched for; undefined if it can. */
export const checkSearch = (text: string): string | undefined =>
  searchText(text).length > LENGTH_MAX
    ? `A search has at most ${LENGTH_MAX} characters; this one has ${searchText(text).length}.`
    : undefined;
