/** The routes for stored quotes, price histories and the search for symbols; none of them causes a hit. */
import Type from 'typebox';
import { parseSymbol } from '../../../../shared/domain/identity.ts';
import {
  findQuotes,
  firstQuoteAt,
  loadDayRange,
  loadPriceHistory,
  loadQuotes,
} from '../../../../shared/pg/web-quotes.ts';
import { schemaOf, type Schema } from '../../../../shared/web-api/schema.ts';
import {
  QUOTE_HISTORY,
  QUOTE_LIST,
  RANGE_QUERY,
  SYMBOL_LIST,
  type QuoteHistory,
  type QuoteList,
  type SymbolList,
} from '../../../../shared/web-api/quote.ts';
import { symbolOf } from '../parts/command-of-request.ts';
import { SYMBOLS_MAX } from '../parts/limits.ts';
import { dayOf, startOfDay } from '../views/ledger-book.ts';
import { quoteView } from '../views/quote-view.ts';
import { timeOf } from '../views/ranges.ts';
import { symbolsOf } from '../parts/symbols-of.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['quotes'];
const PARTS = 300;
const FOUND_MAX = 20;

const LIST_QUERY: Schema<{ symbols: string }> = schemaOf<{ symbols: string }>()(
  Type.Object(
    { symbols: Type.String({ maxLength: SYMBOLS_MAX * 4 }) },
    { additionalProperties: false },
  ),
);
const FIND_QUERY: Schema<{ q: string }> = schemaOf<{ q: string }>()(
  Type.Object({ q: Type.String({ pattern: '^[A-Za-z]{0,3}$' }) }, { additionalProperties: false }),
);
const SYMBOL = Type.Object({ symbol: Type.String({ pattern: '^[A-Za-z]{1,3}$' }) });

export function quoteRoutes(api: Api, parts: WebParts): void {
  latestQuotesRoute(api, parts);
  priceHistoryRoute(api, parts);
  symbolSearchRoute(api, parts);
}

function latestQuotesRoute(api: Api, { pool, quoteLifetimeMs }: WebParts): void {
  api.get(
    '/quotes',
    {
      schema: {
        tags: TAGS,
        summary: 'The latest known quotes of symbols, with their ages',
        querystring: LIST_QUERY,
        response: { 200: QUOTE_LIST },
      },
    },
    async (request): Promise<QuoteList> => {
      const rows = await loadQuotes(pool, symbolsOf(request.query.symbols));
      const quotes = rows.map((row) => quoteView(row, quoteLifetimeMs));
      return { quotes, now: rows[0] === undefined ? Date.now() : Number(rows[0].now) };
    },
  );
}

function priceHistoryRoute(api: Api, { pool }: WebParts): void {
  api.get<{ Params: { symbol: string } }>(
    '/quotes/:symbol/history',
    {
      schema: {
        tags: TAGS,
        summary: 'How a price moved',
        params: SYMBOL,
        querystring: RANGE_QUERY,
        response: { 200: QUOTE_HISTORY },
      },
    },
    async (request): Promise<QuoteHistory> => {
      const symbol = symbolOf(request.params.symbol);
      const { range = '1h' } = request.query as { range?: QuoteHistory['range'] };
      const first = await firstQuoteAt(pool, symbol);
      const time = timeOf(range, first);
      const [rows, day] = await Promise.all([
        loadPriceHistory(pool, symbol, { ...time, parts: PARTS }),
        loadDayRange(pool, symbol, startOfDay(dayOf(first.now))),
      ]);
      const points = rows.map(({ at, price }) => ({ at: Number(at), price: Number(price) }));
      const inCents = day && { low: Number(day.low), high: Number(day.high) };
      return { symbol, range, ...time, points, day: inCents ?? null };
    },
  );
}

function symbolSearchRoute(api: Api, { pool, quoteLifetimeMs }: WebParts): void {
  api.get(
    '/symbols',
    {
      schema: {
        tags: TAGS,
        summary: 'Symbols that begin so',
        querystring: FIND_QUERY,
        response: { 200: SYMBOL_LIST },
      },
    },
    async (request): Promise<SymbolList> => {
      const prefix = request.query.q.toUpperCase();
      const rows = await findQuotes(pool, prefix, FOUND_MAX);
      const found = rows.map((row) => ({
        symbol: row.symbol,
        quote: quoteView(row, quoteLifetimeMs),
      }));
      const isNew = parseSymbol(prefix) !== undefined && rows[0]?.symbol !== prefix;
      return { symbols: isNew ? [{ symbol: prefix, quote: null }, ...found] : found };
    },
  );
}
