/** How often something occurs in a text that comes in pieces, cut anywhere. */
export function occurrenceCounter(mark: string): (piece: string) => number {
  let total = 0;
  let rest = '';
  return (piece) => {
    const parts = (rest + piece).split(mark);
    total += parts.length - 1;
    // The begin of a mark may be at the end; a whole one is counted already.
    rest = (parts.at(-1) ?? '').slice(-(mark.length - 1));
    return total;
  };
}
