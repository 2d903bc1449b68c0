/** Keeps the symbols that a user opened last in this browser. */
import { withRecent } from '../pure/recent-symbols.ts';

const keyOf = (user: string): string => `daytrade.recent.${user}`;

export function loadRecentSymbols(user: string): readonly string[] {
  const stored = localStorage.getItem(keyOf(user));
  return stored === null ? [] : (JSON.parse(stored) as readonly string[]);
}

export function saveRecentSymbol(user: string, symbol: string): void {
  const recent = withRecent(loadRecentSymbols(user), symbol);
  localStorage.setItem(keyOf(user), JSON.stringify(recent));
}
