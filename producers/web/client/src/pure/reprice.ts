/** Updates a portfolio to the latest prices, because the server sends it only when something else changes. */
import type { Holding, PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';

export type Quotes = ReadonlyMap<string, QuoteView>;

/** Applies quotes that are later than the prices of the holdings, and adjusts value and profit. */
export function reprice(portfolio: PortfolioView, quotes: Quotes): PortfolioView {
  const holdings = portfolio.holdings.map((holding) => repriceHolding(holding, quotes));
  const moved = sum(holdings, valueOf) - sum(portfolio.holdings, valueOf);
  return {
    ...portfolio,
    holdings,
    value: portfolio.value + moved,
    unrealised: portfolio.unrealised + moved,
    profit: portfolio.profit + moved,
    dayProfit: portfolio.dayProfit + moved,
  };
}

function repriceHolding(holding: Holding, quotes: Quotes): Holding {
  const quote = quotes.get(holding.symbol);
  if (quote === undefined || quote.receivedAt <= (holding.priceAt ?? 0)) return holding;
  const value = holding.shares * quote.price;
  const moved = value - valueOf(holding);
  const unrealised = value - holding.cost;
  return {
    ...holding,
    price: quote.price,
    priceAt: quote.receivedAt,
    value,
    unrealised,
    profit: holding.realised + unrealised,
    dayProfit: (holding.dayProfit ?? 0) + moved,
  };
}

const valueOf = ({ value, cost }: Holding): number => value ?? cost;

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Returns when the latest known price of each symbol was received. */
export function priceTimes(
  holdings: readonly Holding[],
  quotes: Quotes,
): ReadonlyMap<string, number> {
  const times = new Map([...quotes].map(([symbol, { receivedAt }]) => [symbol, receivedAt]));
  for (const { symbol, priceAt } of holdings) {
    if (priceAt !== null) times.set(symbol, Math.max(priceAt, times.get(symbol) ?? 0));
  }
  return times;
}

/** Adds a quote, unless a later one is known. */
export function withQuote(quotes: Quotes, quote: QuoteView): Quotes {
  const known = quotes.get(quote.symbol);
  if (known !== undefined && known.receivedAt > quote.receivedAt) return quotes;
  return new Map(quotes).set(quote.symbol, quote);
}
