/** Buttons to page through a list; shows nothing if the list has only one page. */
import type { JSX } from 'preact';

type PagerProps = {
  readonly label: string;
  /** The cursors of the pages up to the shown one; the first page has none. */
  readonly cursors: readonly string[];
  readonly onTurn: (cursors: readonly string[]) => void;
  /** The cursor of the next page; null on the last page, and undefined while a page is loading. */
  readonly next: string | null | undefined;
};

export function Pager({ label, cursors, onTurn, next }: PagerProps): JSX.Element | null {
  const hasNext = typeof next === 'string';
  const { length } = cursors;
  if (length === 0 && !hasNext) return null;
  return (
    <nav class="row" aria-label={label}>
      <button
        class="button compact"
        type="button"
        disabled={length === 0}
        onClick={() => onTurn(cursors.slice(0, -1))}
      >
        Previous
      </button>
      <span class="small quiet">Page {length + 1}</span>
      <button
        class="button compact"
        type="button"
        disabled={!hasNext}
        onClick={() => {
          if (hasNext) onTurn([...cursors, next]);
        }}
      >
        Next
      </button>
    </nav>
  );
}
