import { describe, expect, test } from '@jest/globals';
import type { PortfolioView } from '../../../shared/web-api/portfolio.ts';
import { reprice, withQuote } from '../../../producers/web/client/src/pure/reprice.ts';

const quote = (price: number, receivedAt: number) => ({
  symbol: 'ABC',
  price,
  receivedAt,
  ageMs: 0,
  fresh: true,
});

const PORTFOLIO: PortfolioView = {
  user: 'maria',
  now: 0,
  opened: true,
  balance: 5_000,
  held: 0,
  available: 5_000,
  reserved: 0,
  value: 7_000,
  deposited: 6_000,
  realised: 500,
  unrealised: 500,
  profit: 1_000,
  dayProfit: 300,
  dayStartedAt: 0,
  holdings: [
    {
      symbol: 'ABC',
      shares: 10,
      available: 10,
      held: 0,
      reserved: 0,
      cost: 1_500,
      averageCost: 150,
      price: 200,
      priceAt: 100,
      value: 2_000,
      realised: 200,
      unrealised: 500,
      profit: 700,
      dayProfit: 300,
    },
  ],
  closedPositions: [{ symbol: 'OLD', realised: 300, dayProfit: 0, closedAt: 5 }],
  orders: [],
  triggers: [],
  endedTriggers: [],
  unreadFirings: 0,
  version: '1',
};

describe('a portfolio at the prices of now', () => {
  test('a later quote moves the position and every total by the same', () => {
    const now = reprice(PORTFOLIO, new Map([['ABC', quote(190, 200)]]));
    expect(now.holdings[0]).toMatchObject({
      price: 190,
      value: 1_900,
      unrealised: 400,
      realised: 200,
      profit: 600,
      dayProfit: 200,
    });
    expect(now).toMatchObject({
      value: 6_900,
      unrealised: 400,
      realised: 500,
      profit: 900,
      dayProfit: 200,
      balance: 5_000,
    });
  });

  test('an earlier quote, or one of another stock, changes nothing', () => {
    const quotes = new Map([
      ['ABC', quote(1, 50)],
      ['XYZ', { ...quote(1, 900), symbol: 'XYZ' }],
    ]);
    expect(reprice(PORTFOLIO, quotes)).toEqual(PORTFOLIO);
  });

  test('of two quotes the later received stays, whichever comes first', () => {
    const late = withQuote(new Map(), quote(2, 200));
    expect(withQuote(late, quote(1, 100)).get('ABC')?.price).toBe(2);
    expect(withQuote(late, quote(3, 300)).get('ABC')?.price).toBe(3);
  });
});
