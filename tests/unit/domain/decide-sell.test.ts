import { describe, expect, test } from '@jest/globals';
import { availableShares } from '../../../shared/domain/portfolio.ts';
import { ABC, command, ownerOf, traderWith, XYZ } from './given.ts';

describe('SELL', () => {
  test('holds the shares it would sell, and moves nothing yet', () => {
    const trader = ownerOf(10n);
    trader.does(3_33, command('SELL', 10_00n));
    const { portfolio } = trader;
    expect(portfolio.sells).toMatchObject([{ symbol: ABC, shares: 3n, price: 333n }]);
    expect([portfolio.balance, portfolio.holdings.get(ABC)]).toEqual([0n, 10n]);
    expect(availableShares(portfolio, ABC)).toBe(7n);
  });

  test('counts what other pending sells of that symbol hold', () => {
    const trader = ownerOf(10n);
    trader.does(1_00, command('SELL', 7_00n));
    expect(trader.tries(1_00, command('SELL', 4_00n))).toBe('insufficient-shares');
    expect(trader.tries(1_00, command('SELL', 3_00n))).toBe('accepted');
    trader.does(1_00, command('SELL', 3_00n));
    expect(trader.tries(1_00, command('SELL', 1_00n))).toBe('no-shares');
  });

  test('of a symbol that is not owned is rejected without a quote', () => {
    const trader = ownerOf(10n);
    expect(trader.tries('not-asked', command('SELL', 1n, XYZ))).toBe('no-shares');
    expect(trader.tries('not-asked', command('SELL', 1n))).toBe('quote-needed');
  });

  test('of an amount below the price is rejected for that, even if shares are few', () => {
    const trader = ownerOf(1n);
    expect(trader.tries(2_00, command('SELL', 1_99n))).toBe('amount-below-price');
    expect(trader.tries(2_00, command('SELL', 2_00n))).toBe('accepted');
    expect(trader.tries(2_00, command('SELL', 4_00n))).toBe('insufficient-shares');
  });
});

describe('COMMIT_SELL and CANCEL_SELL', () => {
  test('a commit pays the price of the order for the most recent sell', () => {
    const trader = ownerOf(10n);
    trader.does(1_00, command('SELL', 2_00n));
    trader.does(2_50, command('SELL', 10_00n));
    trader.does(9_99, command('COMMIT_SELL'));
    const { portfolio } = trader;
    expect([portfolio.balance, portfolio.holdings.get(ABC)]).toEqual([10_00n, 6n]);
    expect(portfolio.sells).toMatchObject([{ shares: 2n, price: 100n }]);
  });

  test('a holding that is sold out is removed', () => {
    const trader = ownerOf(2n);
    trader.does(1_00, command('SELL', 2_00n), command('COMMIT_SELL'));
    expect(trader.portfolio.holdings.has(ABC)).toBe(false);
  });

  test('a cancel releases the shares', () => {
    const trader = ownerOf(2n);
    trader.does(1_00, command('SELL', 2_00n), command('CANCEL_SELL'));
    expect(availableShares(trader.portfolio, ABC)).toBe(2n);
    expect(trader.portfolio.balance).toBe(0n);
  });

  test.each(['COMMIT_SELL', 'CANCEL_SELL'] as const)('%s needs a pending sell', (type) => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 1_00n));
    expect(trader.tries('not-asked', command(type))).toBe('no-pending-sell');
  });
});
