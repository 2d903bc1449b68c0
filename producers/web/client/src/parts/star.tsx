/** A button that puts a stock on the watchlist, or takes it off. */
import type { JSX } from 'preact';
import { useWatchlist } from '../state/use-watchlist.ts';
import { Icon } from './icon.tsx';

type StarButtonProps = {
  readonly symbol: string;
  readonly isWatched: boolean;
  readonly onToggle: () => void;
};

export const StarButton = ({ symbol, isWatched, onToggle }: StarButtonProps): JSX.Element => (
  <button
    class="icon-button star"
    type="button"
    aria-pressed={isWatched}
    aria-label={`Watch ${symbol}`}
    onClick={onToggle}
  >
    <Icon name="star" />
  </button>
);

/** The button of a stock’s own page. */
export function Star({ symbol }: { readonly symbol: string }): JSX.Element {
  const { isWatched, toggle } = useWatchlist();
  return (
    <StarButton
      symbol={symbol}
      isWatched={isWatched(symbol)}
      onToggle={() => void toggle(symbol)}
    />
  );
}
