/** Goes through a list a page at a time; nothing where all of it is on one. */
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

type PagerProps = {
  readonly label: string;
  /** The cursors of the pages up to the one that is shown; the first has none. */
  readonly cursors: Signal<readonly string[]>;
  /** Of the page after it; not there on the last, nor while one is loaded. */
  readonly next: string | null | undefined;
};

export function Pager({ label, cursors, next }: PagerProps): JSX.Element | null {
  const hasNext = typeof next === 'string';
  const { length } = cursors.value;
  if (length === 0 && !hasNext) return null;
  return (
    <nav class="row" aria-label={label}>
      <button
        class="button compact"
        type="button"
        disabled={length === 0}
        onClick={() => (cursors.value = cursors.value.slice(0, -1))}
      >
        Previous
      </button>
      <span class="small quiet">Page {length + 1}</span>
      <button
        class="button compact"
        type="button"
        disabled={!hasNext}
        onClick={() => {
          if (hasNext) cursors.value = [...cursors.value, next];
        }}
      >
        Next
      </button>
    </nav>
  );
}
