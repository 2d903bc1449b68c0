/** The symbols that a user opened last. */
const RECENT_MAX = 8;

/** Returns the list with a symbol in front. */
export const withRecent = (symbols: readonly string[], symbol: string): readonly string[] =>
  [symbol, ...symbols.filter((other) => other !== symbol)].slice(0, RECENT_MAX);
