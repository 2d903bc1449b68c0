/** The routes for the watchlist, which shows what is known of its stocks and causes no hit. */
import Type from 'typebox';
import type { UserId } from '../../../../shared/domain/identity.ts';
import { loadQuotes } from '../../../../shared/pg/web-quotes.ts';
import { loadPartPrices } from '../../../../shared/pg/web-value.ts';
import { addWatch, deleteWatch, loadWatches } from '../../../../shared/pg/web-watchlist.ts';
import { WATCHLIST, type Watchlist } from '../../../../shared/web-api/quote.ts';
import { askerOf } from '../access/guard.ts';
import { symbolOf } from '../parts/command-of-request.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { WATCHES_MAX } from '../parts/limits.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';
import { quoteView } from '../views/quote-view.ts';
import { timeOf } from '../views/ranges.ts';

const TAGS = ['watchlist'];
const PARTS = 48;
const SYMBOL = Type.Object({ symbol: Type.String({ pattern: '^[A-Za-z]{1,3}$' }) });
const NO_BODY = { 204: Type.Null() };

export function watchlistRoutes(api: Api, parts: WebParts): void {
  const { pool } = parts;
  api.get(
    '/watchlist',
    { schema: { tags: TAGS, summary: 'My starred stocks', response: { 200: WATCHLIST } } },
    async (request): Promise<Watchlist> => await watchlistOf(parts, askerOf(request).user),
  );

  api.put<{ Params: { symbol: string } }>(
    '/watchlist/:symbol',
    { schema: { tags: TAGS, summary: 'Star a stock', params: SYMBOL, response: NO_BODY } },
    async (request, reply) => {
      const { user } = askerOf(request);
      const symbol = symbolOf(request.params.symbol);
      if (!(await addWatch(pool, { user, symbol, most: WATCHES_MAX }))) {
        const detail = `a watchlist has at most ${WATCHES_MAX} stocks: remove one first`;
        throw new HttpProblem('request-invalid', detail);
      }
      return await reply.code(204).send();
    },
  );

  api.delete<{ Params: { symbol: string } }>(
    '/watchlist/:symbol',
    { schema: { tags: TAGS, summary: 'Unstar a stock', params: SYMBOL, response: NO_BODY } },
    async (request, reply) => {
      await deleteWatch(pool, askerOf(request).user, symbolOf(request.params.symbol));
      return await reply.code(204).send();
    },
  );
}

async function watchlistOf({ pool, quoteLifetimeMs }: WebParts, user: UserId): Promise<Watchlist> {
  const symbols = await loadWatches(pool, user);
  const rows = await loadQuotes(pool, symbols);
  const quotes = new Map(rows.map((row) => [row.symbol, quoteView(row, quoteLifetimeMs)]));
  const time = timeOf('1d', { at: 0, now: Number(rows[0]?.now ?? 0n) });
  const prices = await loadPartPrices(pool, [...quotes.keys()], { ...time, parts: PARTS });
  const endOf = (part: number): number =>
    Math.round(time.from + ((time.to - time.from) * part) / PARTS);
  return {
    stocks: symbols.map((symbol) => ({
      symbol,
      quote: quotes.get(symbol) ?? null,
      points: prices
        .filter((price) => price.symbol === symbol)
        .map(({ part, price }) => ({ at: endOf(part), price: Number(price) })),
    })),
  };
}
