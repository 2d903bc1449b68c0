/** The stocks that the user watches, each with its last known price, its age and a small chart. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { WatchedStock } from '../../../../../shared/web-api/quote.ts';
import { formatAge } from '../pure/countdown.ts';
import { formatMoney } from '../pure/money.ts';
import { sparkPath } from '../pure/spark-line.ts';
import { useApp } from '../state/app-context.ts';
import { useWatchlist } from '../state/use-watchlist.ts';
import { Card, Empty } from './card.tsx';
import { Loading } from './loading.tsx';
import { Change } from './money.tsx';
import { StarButton } from './star.tsx';

export function WatchlistCard(): JSX.Element {
  const { actions } = useApp();
  const { list, toggle } = useWatchlist();
  const stocks = list.value?.stocks;
  const symbols = stocks?.map(({ symbol }) => symbol) ?? [];
  // Shows prices that others ask for as they come; following a stock causes no hit.
  useEffect(() => {
    actions.follow(symbols);
    return () => actions.follow([]);
  }, [symbols.join()]);
  return (
    <Card title="Watchlist" flush>
      {stocks === undefined ? (
        <Loading of={list} />
      ) : stocks.length === 0 ? (
        <Empty title="Nothing yet.">Open a stock, and press its star to watch it here.</Empty>
      ) : (
        <ul class="watched">
          {stocks.map((stock) => (
            <Watched key={stock.symbol} stock={stock} onToggle={() => void toggle(stock.symbol)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

type WatchedProps = { readonly stock: WatchedStock; readonly onToggle: () => void };

function Watched({ stock, onToggle }: WatchedProps): JSX.Element {
  const { store } = useApp();
  const { symbol, points } = stock;
  const quote = store.quotes.value.get(symbol) ?? stock.quote;
  const first = points[0]?.price;
  return (
    <li>
      <StarButton symbol={symbol} isWatched onToggle={onToggle} />
      <a class="strong" href={`/trade/${symbol}`}>
        {symbol}
      </a>
      <Spark stock={stock} />
      <span class="watched-price">
        <span class="strong number">{quote === null ? '–' : formatMoney(quote.price)}</span>
        <span class="small quiet">
          {quote === null ? 'no quote yet' : formatAge(store.now.value - quote.receivedAt)}
        </span>
      </span>
      <span class="small watched-change">
        {quote !== null && first !== undefined && (
          <>
            <Change cents={quote.price - first} before={first} /> <span class="quiet">24 h</span>
          </>
        )}
      </span>
    </li>
  );
}

const SIZE = { width: 96, height: 28 };

function Spark({ stock: { points } }: { readonly stock: WatchedStock }): JSX.Element {
  const path = sparkPath(points, SIZE);
  const change = (points.at(-1)?.price ?? 0) - (points[0]?.price ?? 0);
  const trend = change > 0 ? 'up' : change < 0 ? 'down' : 'quiet';
  return (
    <svg
      class={`spark ${trend}`}
      viewBox={`-1 -1 ${SIZE.width + 2} ${SIZE.height + 2}`}
      aria-hidden="true"
    >
      {path !== undefined && <path d={path} />}
    </svg>
  );
}
