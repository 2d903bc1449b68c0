/** The keyboard shortcuts of every page. */
export type ShortcutKey = '/' | 'b' | 's' | '?';

type Shortcut<Key extends string> = { readonly key: Key; readonly does: string };

export const SHORTCUTS: readonly Shortcut<ShortcutKey>[] = [
  { key: '/', does: 'Search a stock' },
  { key: 'b', does: 'Buy the open stock' },
  { key: 's', does: 'Sell the open stock' },
  { key: '?', does: 'Show this list' },
];

/** The keys that decide an order while it has the focus, which it gets when it is placed. */
export const ORDER_KEYS: readonly Shortcut<'Enter' | 'Esc'>[] = [
  { key: 'Enter', does: 'Commit the order' },
  { key: 'Esc', does: 'Cancel the order, or close a question' },
];

/** The part of the browser's keyboard event that is needed here. */
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
