/** A hook for the portfolio of the present, or of a past instant that the address names. */
import { useRef } from 'preact/hooks';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import { useApp } from './app-context.ts';
import { useLoaded, type Loaded } from './use-loaded.ts';

type PortfolioAt = {
  /** While another instant is loading, that of the one before; undefined if there is none. */
  readonly portfolio: PortfolioView | undefined;
  readonly loaded: Loaded<PortfolioView>;
};

/** Loads the portfolio of an instant; undefined is the present, which the server keeps up to date. */
export function usePortfolioAt(at: number | undefined): PortfolioAt {
  const { store } = useApp();
  const loaded = useLoaded<PortfolioView>(at === undefined ? undefined : '/portfolio', { at });
  const shown = useRef<PortfolioView | undefined>(undefined);
  const current = at === undefined ? store.portfolio.value : loaded.value;
  const isFaulty = at !== undefined && loaded.fault !== undefined;
  shown.current = isFaulty ? undefined : (current ?? shown.current);
  return { portfolio: shown.current, loaded };
}
