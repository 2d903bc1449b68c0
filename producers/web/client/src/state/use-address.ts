/** A hook for the parameters of the page's address, which survive Back and can be bookmarked. */
import { useApp } from './app-context.ts';

type Change = Readonly<Record<string, string | undefined>>;

type Address = {
  readonly params: URLSearchParams;
  /** Replaces the given parameters; undefined removes one. A step can be taken back by Back. */
  readonly change: (change: Change, isStep?: boolean) => void;
  /** The cursors of the pages of a list up to the shown one; the first page has none. */
  readonly cursors: readonly string[];
  readonly turn: (cursors: readonly string[]) => void;
};

/** Separates cursors, which have letters, digits and `_ . -`. */
const SEPARATOR = '~';

export function useAddress(): Address {
  const { router } = useApp();
  const params = new URLSearchParams(router.search.value);
  const change = (changed: Change, isStep = false): void => {
    const next = new URLSearchParams(router.search.peek());
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    router.setSearch(next.toString(), isStep);
  };
  return {
    params,
    change,
    cursors: (params.get('pages') ?? '').split(SEPARATOR).filter((cursor) => cursor !== ''),
    turn: (cursors) => change({ pages: cursors.join(SEPARATOR) || undefined }, true),
  };
}
