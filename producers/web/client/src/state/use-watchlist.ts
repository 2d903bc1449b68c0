/** A hook for the user's watchlist, which the server keeps. */
import type { Watchlist } from '../../../../../shared/web-api/quote.ts';
import { useApp } from './app-context.ts';
import { attempt } from './result.ts';
import { useLoaded, type Loaded } from './use-loaded.ts';

type Watching = {
  readonly list: Loaded<Watchlist>;
  readonly isWatched: (symbol: string) => boolean;
  /** Adds a stock to the list, or removes it. */
  readonly toggle: (symbol: string) => Promise<void>;
};

export function useWatchlist(): Watching {
  const { http, actions } = useApp();
  const list = useLoaded<Watchlist>('/watchlist');
  const isWatched = (symbol: string): boolean =>
    list.value?.stocks.some((stock) => stock.symbol === symbol) ?? false;
  return {
    list,
    isWatched,
    toggle: async (symbol) => {
      const method = isWatched(symbol) ? 'DELETE' : 'PUT';
      const done = await attempt(() => http.send(method, `/watchlist/${symbol}`));
      if (!done.ok) {
        actions.notify({ kind: 'bad', title: 'The watchlist is as before', detail: done.fault });
      }
      list.reload();
    },
  };
}
