/** Loads quotes and the portfolio into the store. If the server does not answer, the store stays as it is. */
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { QuoteList } from '../../../../../shared/web-api/quote.ts';
import type { Http } from '../api/http.ts';
import { withQuote } from '../pure/reprice.ts';
import { attempt } from './result.ts';
import type { Store } from './store.ts';

export type Loader = {
  readonly loadQuotes: (symbols: readonly string[]) => Promise<void>;
  /** Drops the answer if the stream has sent a later portfolio. */
  readonly loadPortfolio: () => Promise<void>;
};

export const createLoader = (store: Store, http: Http): Loader => ({
  loadQuotes: async (symbols) => {
    if (symbols.length === 0) return;
    const list = await attempt(() => http.get<QuoteList>('/quotes', { symbols: symbols.join() }));
    if (!list.ok) return;
    for (const quote of list.value.quotes) {
      store.quotes.value = withQuote(store.quotes.value, quote);
    }
  },
  loadPortfolio: async () => {
    const portfolio = await attempt(() => http.get<PortfolioView>('/portfolio'));
    if (!portfolio.ok || portfolio.value.now < (store.serverPortfolio.peek()?.now ?? 0)) return;
    store.serverPortfolio.value = portfolio.value;
  },
});
