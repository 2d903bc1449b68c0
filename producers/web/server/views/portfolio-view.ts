/** Renders a portfolio for the web API. Pure. */
import type { PortfolioRecord, QuoteRecord } from '../../../../shared/pg/web-portfolio.ts';
import type {
  ClosedPosition,
  Holding,
  PendingOrder,
  PortfolioView,
  Trigger,
} from '../../../../shared/web-api/portfolio.ts';
import { startOfDay, type LedgerBook, type SymbolBook } from './ledger-book.ts';

type PortfolioParts = {
  readonly user: string;
  readonly record: PortfolioRecord;
  /** The ledger book on the day of the record. */
  readonly book: LedgerBook;
  /** Prices at the start of the day, by symbol. */
  readonly openPrices: ReadonlyMap<string, bigint>;
  readonly orderLifetimeMs: number;
};

export function portfolioView(parts: PortfolioParts): PortfolioView {
  const { user, record, book } = parts;
  const holdings = holdingsOf(parts);
  const closedPositions = closedPositionsOf(parts);
  const positions = [...holdings, ...closedPositions];
  const held = sum(record.orders.filter(isBuy).map(costOf));
  const reserved = sum(record.triggers.filter(isBuy).map(({ amount }) => amount));
  const balance = record.balance ?? 0;
  const value = balance + reserved + sum(holdings.map((holding) => holding.value ?? holding.cost));
  const realised = sum(positions.map((position) => position.realised));
  const unrealised = sum(holdings.map((holding) => holding.unrealised ?? 0));
  return {
    user,
    now: record.now,
    opened: record.balance !== null,
    balance,
    held,
    available: balance - held,
    reserved,
    value,
    deposited: Number(book.deposited),
    realised,
    unrealised,
    profit: realised + unrealised,
    dayProfit: sum(positions.map(({ dayProfit }) => dayProfit ?? 0)),
    dayStartedAt: startOfDay(book.day),
    holdings,
    closedPositions,
    orders: ordersOf(parts),
    triggers: record.triggers.map(triggerOf),
    endedTriggers: [...book.ended],
    unreadFirings: record.unread,
    version: record.version,
  };
}

const isBuy = ({ side }: { readonly side: string }): boolean => side === 'buy';
const costOf = (order: { readonly shares: number; readonly price: number }): number =>
  order.shares * order.price;
const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

function holdingsOf({ record, book, openPrices }: PortfolioParts): Holding[] {
  const quotes = new Map(record.quotes.map((quote) => [quote.symbol, quote]));
  const owned = new Map(record.holdings.map(({ symbol, shares }) => [symbol, shares]));
  const reserved = new Map(
    record.triggers
      .filter(({ side, shares }) => side === 'sell' && shares > 0)
      .map(({ symbol, shares }) => [symbol, shares]),
  );
  const symbols = [...new Set([...owned.keys(), ...reserved.keys()])].sort();
  return symbols.map((symbol) => {
    const sells = record.orders.filter((order) => order.side === 'sell' && order.symbol === symbol);
    return holdingOf({
      symbol,
      owned: owned.get(symbol) ?? 0,
      reserved: reserved.get(symbol) ?? 0,
      held: sum(sells.map(({ shares }) => shares)),
      quote: quotes.get(symbol),
      book: book.symbols.get(symbol),
      openPrice: openPrices.get(symbol),
    });
  });
}

type HoldingParts = {
  readonly symbol: string;
  /** Shares without those that a trigger reserves. */
  readonly owned: number;
  readonly reserved: number;
  readonly held: number;
  readonly quote: QuoteRecord | undefined;
  readonly book: SymbolBook | undefined;
  readonly openPrice: bigint | undefined;
};

function holdingOf({
  symbol,
  owned,
  reserved,
  held,
  quote,
  book,
  openPrice,
}: HoldingParts): Holding {
  const shares = owned + reserved;
  const cost = Number(book?.cost ?? 0n);
  const realised = Number(book?.realised ?? 0n);
  const price = quote?.price ?? null;
  const value = price === null ? null : price * shares;
  const unrealised = value === null ? null : value - cost;
  return {
    symbol,
    shares,
    available: owned - held,
    held,
    reserved,
    cost,
    averageCost: shares === 0 ? 0 : Math.round(cost / shares),
    price,
    priceAt: quote?.receivedAt ?? null,
    value,
    unrealised,
    realised,
    profit: unrealised === null ? null : realised + unrealised,
    dayProfit: price === null ? null : dayProfit(book, BigInt(price), openPrice),
  };
}

/** Returns the profit of the day: the present value plus the day's trades, minus the value at its start. */
function dayProfit(
  book: SymbolBook | undefined,
  price: bigint,
  openPrice: bigint | undefined,
): number {
  if (book === undefined) return 0;
  const before = book.sharesAtOpen * (openPrice ?? price);
  return Number(book.shares * price + book.tradedToday - before);
}

function closedPositionsOf({ book, openPrices }: PortfolioParts): ClosedPosition[] {
  return [...book.symbols]
    .filter(([, { shares, tradedAt }]) => shares === 0n && tradedAt > 0n)
    .map(([symbol, closed]) => ({
      symbol,
      realised: Number(closed.realised),
      dayProfit: dayProfit(closed, 0n, openPrices.get(symbol)),
      closedAt: Number(closed.tradedAt),
    }))
    .sort((one, other) => other.closedAt - one.closedAt);
}

/** Lists orders, most recent first. A commit takes the first order of its side, which has `next` set. */
function ordersOf({ record, orderLifetimeMs }: PortfolioParts): PendingOrder[] {
  return record.orders.map((order, index) => ({
    no: order.no,
    side: order.side,
    symbol: order.symbol,
    shares: order.shares,
    price: order.price,
    cost: costOf(order),
    placedAt: order.at,
    expiresAt: order.at + orderLifetimeMs,
    next: record.orders.findIndex(({ side }) => side === order.side) === index,
  }));
}

const triggerOf = ({
  symbol,
  side,
  amount,
  price,
  shares,
}: PortfolioRecord['triggers'][number]): Trigger => ({
  symbol,
  side,
  state: price === null ? 'set' : 'armed',
  amount,
  price,
  shares: side === 'sell' && price !== null ? shares : null,
});
