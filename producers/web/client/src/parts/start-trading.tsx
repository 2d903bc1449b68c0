/** The trade page before a stock is chosen: it shows the first steps, the watchlist, and stocks to open. */
import type { JSX } from 'preact';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { SymbolList } from '../../../../../shared/web-api/quote.ts';
import { useApp } from '../state/app-context.ts';
import { loadRecentSymbols } from '../state/recent.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card } from './card.tsx';
import { Icon } from './icon.tsx';
import { PendingOrders } from './pending-orders.tsx';
import { WatchlistCard } from './watchlist.tsx';

export function StartTrading(): JSX.Element {
  const { store } = useApp();
  const portfolio = store.portfolio.value;
  const recent = loadRecentSymbols(store.session.value?.user ?? '');
  const known = useLoaded<SymbolList>('/symbols', { q: '' }).value?.symbols ?? [];
  const held = portfolio?.holdings.map(({ symbol }) => symbol) ?? [];
  const quoted = known.filter(({ quote }) => quote !== null).map(({ symbol }) => symbol);
  const others = [...new Set([...held, ...quoted])].filter((symbol) => !recent.includes(symbol));
  return (
    <div class="columns with-side">
      <div class="stack">
        {portfolio !== undefined && !hasTraded(portfolio) && <FirstSteps portfolio={portfolio} />}
        <WatchlistCard />
      </div>
      <div class="stack">
        <PendingOrders />
        <Card title="Stocks">
          <div class="stack">
            <Stocks title="Opened last" symbols={recent} />
            <Stocks title="To look at" symbols={others.slice(0, 12)} />
            <p class="small quiet">Any other symbol of one to three letters: search it above.</p>
          </div>
        </Card>
      </div>
    </div>
  );
}

const hasTraded = ({ holdings, closedPositions }: PortfolioView): boolean =>
  holdings.length + closedPositions.length > 0;

type StocksProps = { readonly title: string; readonly symbols: readonly string[] };

const Stocks = ({ title, symbols }: StocksProps): JSX.Element | null =>
  symbols.length === 0 ? null : (
    <div class="stack tight">
      <h3 class="label">{title}</h3>
      <div class="chips">
        {symbols.map((symbol) => (
          <a key={symbol} class="chip" href={`/trade/${symbol}`}>
            {symbol}
          </a>
        ))}
      </div>
    </div>
  );

/** Three steps to a first trade, each checked once it is done. */
function FirstSteps({ portfolio }: { readonly portfolio: PortfolioView }): JSX.Element {
  const steps = [
    {
      isDone: portfolio.opened,
      text: <a href="/portfolio">Add funds</a>,
      note: 'The first deposit opens your account.',
    },
    {
      isDone: portfolio.orders.length > 0,
      text: 'Open a stock, and review a buy',
      note: 'Say for how many dollars; you see the shares and the price before anything happens.',
    },
    {
      isDone: false,
      text: 'Commit it within a minute',
      note: 'Until then nothing is traded, and you can cancel.',
    },
  ];
  return (
    <Card title="Your first trade">
      <ol class="steps">
        {steps.map(({ isDone, text, note }, index) => (
          <li key={note}>
            <span class={`step ${isDone ? 'done' : ''}`} aria-hidden="true">
              {isDone ? <Icon name="check" /> : index + 1}
            </span>
            <div>
              <p class="strong">
                {text}
                {isDone && <span class="unseen"> (done)</span>}
              </p>
              <p class="small quiet">{note}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
