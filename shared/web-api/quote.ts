/** Cached quotes and their history. None of these requests causes a hit on the quote server. */
import Type from 'typebox';
import { schemaOf, type Schema } from './schema.ts';

export type QuoteView = {
  symbol: string;
  /** In cents. */
  price: number;
  receivedAt: number;
  ageMs: number;
  /** Whether a command may still use it. */
  fresh: boolean;
};

const quoteView = Type.Object({
  symbol: Type.String(),
  price: Type.Integer({ description: 'cents' }),
  receivedAt: Type.Integer(),
  ageMs: Type.Integer(),
  fresh: Type.Boolean({ description: 'whether a command may still use it' }),
});

/** `GET /quotes?symbols=ABC,XYZ`: the cached quotes. Symbols that were never quoted are absent. */
export type QuoteList = { quotes: QuoteView[]; now: number };
export const QUOTE_LIST: Schema<QuoteList> = schemaOf<QuoteList>()(
  Type.Object({ quotes: Type.Array(quoteView), now: Type.Integer() }),
);

export type Range = '1m' | '5m' | '15m' | '1h' | '1d' | '1w' | '1M' | 'all';

type PricePoint = { at: number; price: number };
/** `GET /quotes/:symbol/history?range=1h`: prices, the oldest first. The first may be older than `from`. */
export type QuoteHistory = {
  symbol: string;
  range: Range;
  from: number;
  to: number;
  points: PricePoint[];
  /** The lowest and the highest price since the last midnight UTC; null if there is no price. */
  day: { low: number; high: number } | null;
};

const range = Type.Union([
  Type.Literal('1m'),
  Type.Literal('5m'),
  Type.Literal('15m'),
  Type.Literal('1h'),
  Type.Literal('1d'),
  Type.Literal('1w'),
  Type.Literal('1M'),
  Type.Literal('all'),
]);

type RangeQuery = { range?: Range };
export const RANGE_QUERY: Schema<RangeQuery> = schemaOf<RangeQuery>()(
  Type.Object({ range: Type.Optional(range) }, { additionalProperties: false }),
);

export const QUOTE_HISTORY: Schema<QuoteHistory> = schemaOf<QuoteHistory>()(
  Type.Object({
    symbol: Type.String(),
    range,
    from: Type.Integer(),
    to: Type.Integer(),
    points: Type.Array(Type.Object({ at: Type.Integer(), price: Type.Integer() })),
    day: Type.Union([
      Type.Object(
        { low: Type.Integer(), high: Type.Integer() },
        { description: 'the lowest and the highest price since the last midnight UTC' },
      ),
      Type.Null(),
    ]),
  }),
);

/** `GET /symbols?q=ab`: quoted symbols that start with `q`, and `q` itself if it is a symbol. */
export type SymbolList = { symbols: { symbol: string; quote: QuoteView | null }[] };
export const SYMBOL_LIST: Schema<SymbolList> = schemaOf<SymbolList>()(
  Type.Object({
    symbols: Type.Array(
      Type.Object({ symbol: Type.String(), quote: Type.Union([quoteView, Type.Null()]) }),
    ),
  }),
);

/** `GET /value-history?range=1d`: the value of the user's portfolio in cents, the oldest first. */
export type ValuePoint = { at: number; value: number; cash: number; deposited: number };
export type ValueHistory = { range: Range; points: ValuePoint[] };
export const VALUE_HISTORY: Schema<ValueHistory> = schemaOf<ValueHistory>()(
  Type.Object({
    range,
    points: Type.Array(
      Type.Object({
        at: Type.Integer(),
        value: Type.Integer({ description: 'cash, reserves and shares at their last price' }),
        cash: Type.Integer({ description: 'balance and reserves' }),
        deposited: Type.Integer({ description: 'all that was added until then' }),
      }),
    ),
  }),
);

/** `GET /watchlist`: a stock that the user has starred. */
export type WatchedStock = {
  symbol: string;
  /** The last known quote; null if there was none yet. */
  quote: QuoteView | null;
  /** The prices of the last 24 hours, the oldest first, for a small chart. */
  points: PricePoint[];
};
/** By symbol. */
export type Watchlist = { stocks: WatchedStock[] };

export const WATCHLIST: Schema<Watchlist> = schemaOf<Watchlist>()(
  Type.Object({
    stocks: Type.Array(
      Type.Object({
        symbol: Type.String(),
        quote: Type.Union([quoteView, Type.Null()]),
        points: Type.Array(Type.Object({ at: Type.Integer(), price: Type.Integer() })),
      }),
    ),
  }),
);
