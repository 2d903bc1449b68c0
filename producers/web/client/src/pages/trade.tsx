/** The trade page of a stock: its price, its chart, the ticket and its orders. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import { Card } from '../parts/card.tsx';
import { Icon, Spinner } from '../parts/icon.tsx';
import { Money } from '../parts/money.tsx';
import { PendingOrders } from '../parts/pending-orders.tsx';
import { Position } from '../parts/position.tsx';
import { PriceHistory } from '../parts/price-history.tsx';
import { Star } from '../parts/star.tsx';
import { StartTrading } from '../parts/start-trading.tsx';
import { SymbolSearch } from '../parts/symbol-search.tsx';
import { Ticket } from '../parts/ticket.tsx';
import { triggerLines } from '../parts/trigger-lines.ts';
import { formatAge } from '../pure/countdown.ts';
import { formatMoney } from '../pure/money.ts';
import { readMoment } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { saveRecentSymbol } from '../state/recent.ts';
import { useAddress } from '../state/use-address.ts';
import { useStockQuote } from '../state/use-stock-quote.ts';
import { Page } from './page.tsx';

export function TradePage({ symbol }: { readonly symbol: string | undefined }): JSX.Element {
  const { store, router } = useApp();
  const user = store.session.value?.user ?? '';
  useEffect(() => {
    if (symbol !== undefined) saveRecentSymbol(user, symbol);
  }, [symbol]);
  return (
    <Page
      title="Trade"
      part={symbol}
      action={
        <div class="row stock-search">
          {symbol !== undefined && <Star key={symbol} symbol={symbol} />}
          <SymbolSearch onOpen={(chosen) => router.go(`/trade/${chosen}`)} />
        </div>
      }
    >
      {symbol === undefined ? <StartTrading /> : <Stock key={symbol} symbol={symbol} />}
    </Page>
  );
}

function Stock({ symbol }: { readonly symbol: string }): JSX.Element {
  const { store } = useApp();
  const { quote, isAsking, ask } = useStockQuote(symbol, ({ fresh }) => fresh);
  const moment = readMoment(useAddress().params, store.now.value);
  const triggers = store.portfolio.value?.triggers.filter((own) => own.symbol === symbol) ?? [];
  return (
    <div class="columns with-side">
      <Card>
        <div class="stack">
          <QuoteHead symbol={symbol} quote={quote} isAsking={isAsking} onAsk={ask} />
          <PriceHistory symbol={symbol} lines={triggerLines(triggers)} moment={moment} />
        </div>
      </Card>
      <div class="stack">
        <PendingOrders />
        <Ticket symbol={symbol} quote={quote} />
      </div>
      <div class="below">
        <Position symbol={symbol} />
      </div>
    </div>
  );
}

type QuoteHeadProps = {
  readonly symbol: string;
  readonly quote: QuoteView | undefined;
  readonly isAsking: boolean;
  readonly onAsk: () => Promise<void>;
};

function QuoteHead({ symbol, quote, isAsking, onAsk }: QuoteHeadProps): JSX.Element {
  const { store } = useApp();
  const session = store.session.value;
  const ageMs = quote === undefined ? 0 : store.now.value - quote.receivedAt;
  const isOld = ageMs > (session?.quoteLifetimeMs ?? Infinity);
  const price = useRef<HTMLParagraphElement>(null);
  const result = useSignal('');
  const askHere = async (): Promise<void> => {
    await onAsk();
    const asked = store.quotes.peek().get(symbol);
    result.value = asked === undefined ? '' : `${symbol} costs ${formatMoney(asked.price)}.`;
    // The button was disabled meanwhile; a user who has gone on to type is left alone.
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest('.quote-head')) price.current?.focus();
  };
  return (
    <div class="quote-head">
      <div>
        <h2 class="quote-symbol">{symbol}</h2>
        <p class="quote-price" data-testid="price" ref={price} tabIndex={-1}>
          {quote === undefined ? '–' : <Money cents={quote.price} />}
        </p>
      </div>
      <span class="unseen" role="status">
        {result.value}
      </span>
      <div class="quote-age">
        {quote !== undefined && (
          <span class={`badge ${isOld ? 'warn' : 'good'}`}>
            {isOld ? 'Old quote' : 'Live quote'} · {formatAge(ageMs)}
          </span>
        )}
        <button
          class="button compact"
          type="button"
          disabled={isAsking}
          onClick={() => void askHere()}
        >
          {isAsking ? <Spinner /> : <Icon name="refresh" />}
          {isAsking ? 'Asking …' : 'Get a quote'}
        </button>
      </div>
    </div>
  );
}
