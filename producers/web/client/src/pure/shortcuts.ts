/** The keyboard shortcuts of every page. */
export type ShortcutKey = '/' | 'b' | 's' | '?';

type Shortcut<Key extends string> = { readonly key: Key; readonly does: string };

export const SHORTCUTS: readonly Shortcut<ShortcutKey>[] = [
  { key: '/', does: 'Search a stock' },
  { key: 'b', does: 'Buy the open stock' },
  { key: 's', does: 'Sell the open stock' },
  { key: '?', does: 'Show this list' },
];

/** What the keys do on an order that has the focus, as it has after it was placed. */
export const ORDER_KEYS: readonly Shortcut<'Enter' | 'Esc'>[] = [
  { key: 'Enter', does: 'Commit the order' },
  { key: 'Esc', does: 'Cancel the order, or close a question' },
];

/** What is used of the browser's keyboard event. */
type Press = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
};

/** Returns the shortcut of a key press; undefined if it is none, or belongs to a text that is being typed. */
export function shortcutOf(press: Press, isTyping: boolean): ShortcutKey | undefined {
  if (isTyping || press.ctrlKey || press.metaKey || press.altKey || press.repeat) return undefined;
  return SHORTCUTS.find(({ key }) => key === press.key.toLowerCase())?.key;
}
