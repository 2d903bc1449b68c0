/** The routes for the user's portfolio and its value over time. */
import { firstMovementAt, loadMovements, loadPartPrices } from '../../../../shared/pg/web-value.ts';
import {
  PORTFOLIO,
  PORTFOLIO_QUERY,
  type PortfolioView,
} from '../../../../shared/web-api/portfolio.ts';
import { RANGE_QUERY, VALUE_HISTORY, type ValueHistory } from '../../../../shared/web-api/quote.ts';
import { askerOf } from '../access/guard.ts';
import { timeOf } from '../views/ranges.ts';
import type { Api } from '../parts/validation.ts';
import { valueHistory } from '../views/value-history.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['portfolio'];
const PARTS = 120;

export function portfolioRoutes(api: Api, parts: WebParts): void {
  const { pool, readPortfolio, readPastPortfolio } = parts;
  api.get(
    '/portfolio',
    {
      schema: {
        tags: TAGS,
        summary: 'Everything I own, or owned at a past time',
        querystring: PORTFOLIO_QUERY,
        response: { 200: PORTFOLIO },
      },
    },
    async (request): Promise<PortfolioView> => {
      const { user } = askerOf(request);
      const { at } = request.query;
      return await (at === undefined ? readPortfolio(user) : readPastPortfolio(user, at));
    },
  );

  api.get(
    '/value-history',
    {
      schema: {
        tags: TAGS,
        summary: 'What everything was worth over time',
        querystring: RANGE_QUERY,
        response: { 200: VALUE_HISTORY },
      },
    },
    async (request): Promise<ValueHistory> => {
      const { user } = askerOf(request);
      const { range = '1d' } = request.query;
      const { at: first, now } = await firstMovementAt(pool, user);
      // Movements before the range are part of its first point. So the curve of a young account begins with what the
      // first movement left, and not with what the trades of the first part made of it.
      const opened = first === undefined ? undefined : first + 1;
      const time = { ...timeOf(range, { at: opened, now }), parts: PARTS };
      const movements = await loadMovements(pool, user, time);
      const symbols = [...new Set(movements.flatMap(({ symbol }) => symbol ?? []))];
      const prices = await loadPartPrices(pool, symbols, time);
      return { range, points: valueHistory(time, movements, prices) };
    },
  );
}
