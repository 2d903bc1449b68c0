import { describe, expect, test } from '@jest/globals';
import { available, held } from '../../../shared/domain/portfolio.ts';
import { ABC, command, traderWith, XYZ } from './given.ts';

describe('BUY', () => {
  test('holds the cost of whole shares, which is less than the amount', () => {
    const trader = traderWith(100_00n);
    const [event] = trader.does(3_33, command('BUY', 10_00n));
    expect(event).toMatchObject({ type: 'BuyPlaced', order: { shares: 3n, price: 333n } });
    const { portfolio } = trader;
    expect([portfolio.balance, held(portfolio), available(portfolio)]).toEqual([
      10_000n,
      9_99n,
      90_01n,
    ]);
    expect(portfolio.holdings.size).toBe(0);
  });

  test.each([
    [10_00, 1n],
    [9_99, 1n],
    [5_00, 2n],
    [5_01, 1n],
    [1, 1_000n],
  ])('of 10.00 at %d cents is %d shares', (price, shares) => {
    const trader = traderWith(10_00n);
    trader.does(price, command('BUY', 10_00n));
    expect(trader.portfolio.buys).toMatchObject([{ shares, price: BigInt(price) }]);
  });

  test('of less than one share is rejected', () => {
    expect(traderWith(10_00n).tries(10_01, command('BUY', 10_00n))).toBe('amount-below-price');
  });

  test('may take all that is available, and not a cent more', () => {
    const trader = traderWith(10_00n);
    trader.does(4_00, command('BUY', 10_00n));
    expect(trader.tries(1, command('BUY', 2_01n))).toBe('insufficient-funds');
    expect(trader.tries(1, command('BUY', 2_00n))).toBe('accepted');
  });

  test('asks for a quote only if the money is available', () => {
    const trader = traderWith(10_00n);
    expect(trader.tries('not-asked', command('BUY', 10_01n))).toBe('insufficient-funds');
    expect(trader.tries('not-asked', command('BUY', 10_00n))).toBe('quote-needed');
    expect(trader.tries('unavailable', command('BUY', 10_00n))).toBe('quote-unavailable');
  });

  test('a rejection that used a price says which', () => {
    const decision = traderWith(1n).decides(2, command('BUY', 1n));
    expect(decision).toEqual({
      type: 'rejected',
      rejection: 'amount-below-price',
      usedPrice: 2n,
    });
  });
});

describe('COMMIT_BUY and CANCEL_BUY', () => {
  test('a commit pays the cost of the most recent buy and delivers its shares', () => {
    const trader = traderWith(100_00n);
    trader.does(10_00, command('BUY', 25_00n), command('BUY', 39_99n, XYZ), command('COMMIT_BUY'));
    const { portfolio } = trader;
    expect(portfolio.balance).toBe(70_00n);
    expect([...portfolio.holdings]).toEqual([[XYZ, 3n]]);
    expect(portfolio.buys).toMatchObject([{ symbol: ABC, shares: 2n }]);
  });

  test('a commit uses the price of its order, not the present one', () => {
    const trader = traderWith(100_00n);
    trader.does(10_00, command('BUY', 10_00n));
    trader.does(99_00, command('COMMIT_BUY'));
    expect(trader.portfolio.balance).toBe(90_00n);
  });

  test('a cancel drops the most recent buy and releases its money', () => {
    const trader = traderWith(100_00n);
    trader.does(10_00, command('BUY', 10_00n), command('BUY', 50_00n), command('CANCEL_BUY'));
    expect(held(trader.portfolio)).toBe(10_00n);
    expect(trader.portfolio).toMatchObject({ balance: 100_00n, buys: [{ shares: 1n }] });
  });

  test.each(['COMMIT_BUY', 'CANCEL_BUY'] as const)('%s needs a pending buy, not a sell', (type) => {
    const trader = traderWith(100_00n);
    expect(trader.tries('not-asked', command(type))).toBe('no-pending-buy');
    trader.does(1_00, command('BUY', 1_00n), command('COMMIT_BUY'), command('SELL', 1_00n));
    expect(trader.tries('not-asked', command(type))).toBe('no-pending-buy');
  });
});
