/** A hook that follows the quotes of a stock, and renews its price while the page is being looked at. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import { isRenewalDue } from '../pure/renewal.ts';
import { useApp } from './app-context.ts';
import { useLastInput } from './use-last-input.ts';

export type StockQuote = {
  readonly quote: QuoteView | undefined;
  readonly isAsking: boolean;
  /** Sends a QUOTE command, which causes a hit only if no quote is fresh. */
  readonly ask: () => Promise<void>;
};

/** At first it asks if the server knows no quote at all, or none that `isUsable`. */
export function useStockQuote(symbol: string, isUsable: (quote: QuoteView) => boolean): StockQuote {
  const { store, actions } = useApp();
  const isAsking = useSignal(false);
  const askedAt = useSignal(0);
  const ask = async (): Promise<void> => {
    isAsking.value = true;
    askedAt.value = store.now.peek();
    const result = await actions.command({ command: 'QUOTE', symbol });
    if (result.ok) await actions.loadQuotes([symbol]);
    isAsking.value = false;
  };
  useEffect(() => {
    actions.follow([symbol]);
    void actions.loadQuotes([symbol]).then(async () => {
      const known = store.quotes.peek().get(symbol);
      if (known === undefined || !isUsable(known)) await ask();
    });
    return () => actions.follow([]);
  }, [symbol]);
  const quote = store.quotes.value.get(symbol);
  const lastInputAt = useLastInput(store.now);
  const isDue = useComputed(() => {
    const { session, quotes, connection, now } = store;
    const receivedAt = quotes.value.get(symbol)?.receivedAt;
    if (!session.value || receivedAt === undefined || connection.value !== 'live') return false;
    const { pageRefreshMs, quoteLifetimeMs } = session.value;
    const asked = { askedAt: askedAt.value, lastInputAt: lastInputAt.current };
    const moment = { now: now.value, receivedAt, ...asked, pageRefreshMs, quoteLifetimeMs };
    return document.visibilityState === 'visible' && isRenewalDue(moment);
  }).value;
  useEffect(() => {
    if (isDue && !isAsking.peek()) void ask();
  }, [isDue]);
  return { quote, isAsking: isAsking.value, ask };
}
