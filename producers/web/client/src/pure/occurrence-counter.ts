/** Counts the occurrences of a mark in a text that comes in pieces, which may be cut anywhere. */
export function occurrenceCounter(mark: string): (piece: string) => number {
  let total = 0;
  let rest = '';
  return (piece) => {
    const parts = (rest + piece).split(mark);
    total += parts.length - 1;
    // Keeps the end, which may be the start of a mark, but is too short for a whole one.
    rest = (parts.at(-1) ?? '').slice(-(mark.length - 1));
    return total;
  };
}
