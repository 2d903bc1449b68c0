/** The figures of a portfolio add up, whatever was traded. */
import { describe, expect, test } from '@jest/globals';
import { addEntries, EMPTY_BOOK, onDay } from '../../../producers/web/server/views/ledger-book.ts';
import { portfolioView } from '../../../producers/web/server/views/portfolio-view.ts';
import type { LedgerRow } from '../../../shared/pg/web-ledger.ts';

const DAY_MS = 86_400_000;
const TODAY = 11;

let id = 0n;

const entry = (event: LedgerRow['event'], day: number, fields: Partial<LedgerRow>): LedgerRow => ({
  id: (id += 1n),
  at: BigInt(day * DAY_MS + 5),
  number: 7n,
  event,
  symbol: null,
  price: null,
  balance: 0n,
  reserve: 0n,
  deposited: 0n,
  traded: 0n,
  holding: 0n,
  reserved_shares: 0n,
  traded_shares: 0n,
  ...fields,
});

const trade = (day: number, symbol: string, shares: bigint, price: bigint): LedgerRow =>
  entry(shares > 0n ? 'BuyCommitted' : 'SellCommitted', day, {
    symbol,
    balance: -shares * price,
    traded: -shares * price,
    traded_shares: shares,
  });

const ENTRIES = [
  entry('FundsAdded', 10, { balance: 100_000n, deposited: 100_000n }),
  trade(10, 'ABC', 10n, 1_000n),
  trade(10, 'XYZ', 7n, 333n),
  trade(10, 'OLD', 5n, 200n),
  trade(10, 'OLD', -5n, 250n),
  trade(TODAY, 'ABC', -3n, 1_100n),
  trade(TODAY, 'XYZ', -7n, 400n),
  trade(TODAY, 'NEW', 2n, 50n),
];

const view = (quotes: readonly { symbol: string; price: number }[]) =>
  portfolioView({
    user: 'maria',
    record: {
      now: TODAY * DAY_MS + 9,
      balance: Number(ENTRIES.reduce((sum, { balance }) => sum + balance, 0n)),
      holdings: [
        { symbol: 'ABC', shares: 7 },
        { symbol: 'NEW', shares: 2 },
      ],
      orders: [],
      triggers: [],
      quotes: quotes.map((quote) => ({ ...quote, receivedAt: 1 })),
      lastEntry: '8',
      unread: 0,
      version: 'v',
    },
    book: onDay(addEntries(EMPTY_BOOK, ENTRIES), TODAY),
    openPrices: new Map([
      ['ABC', 1_050n],
      ['XYZ', 350n],
      ['NEW', 50n],
    ]),
    orderLifetimeMs: 60_000,
  });

const QUOTES = [
  { symbol: 'ABC', price: 1_200 },
  { symbol: 'NEW', price: 45 },
];

describe.each([
  ['with every price', QUOTES],
  ['without a price', QUOTES.slice(0, 1)],
])('the figures %s', (_name, quotes) => {
  test('of the positions add up to those of the portfolio', () => {
    const { holdings, closedPositions, ...portfolio } = view(quotes);
    const sum = (values: readonly (number | null)[]) =>
      values.reduce<number>((total, each) => total + (each ?? 0), 0);
    const positions = [...holdings, ...closedPositions];
    expect(portfolio.realised).toBe(sum(positions.map(({ realised }) => realised)));
    expect(portfolio.unrealised).toBe(sum(holdings.map(({ unrealised }) => unrealised)));
    expect(portfolio.dayProfit).toBe(sum(positions.map(({ dayProfit }) => dayProfit)));
    expect(portfolio.profit).toBe(portfolio.realised + portfolio.unrealised);
    expect(portfolio.profit).toBe(portfolio.value - portfolio.deposited);
  });
});

test('a position that was closed stays, with what it realised and what it did today', () => {
  const { closedPositions, dayStartedAt } = view(QUOTES);
  expect(closedPositions).toEqual([
    { symbol: 'XYZ', realised: 7 * 67, dayProfit: 7 * 50, closedAt: TODAY * DAY_MS + 5 },
    { symbol: 'OLD', realised: 250, dayProfit: 0, closedAt: 10 * DAY_MS + 5 },
  ]);
  expect(dayStartedAt).toBe(TODAY * DAY_MS);
});

test('a holding realises what its sales brought, and has the rest of its profit in its shares', () => {
  const [abc] = view(QUOTES).holdings;
  expect(abc).toMatchObject({ cost: 7_000, unrealised: 1_400, realised: 300, profit: 1_700 });
  expect(abc).toMatchObject({ dayProfit: 7 * 1_200 + 3 * 1_100 - 10 * 1_050 });
});
