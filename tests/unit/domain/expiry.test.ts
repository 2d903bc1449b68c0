import { describe, expect, test } from '@jest/globals';
import { available, availableShares, withoutExpired } from '../../../shared/domain/portfolio.ts';
import { ABC, command, LIFETIME_MS, ownerOf, traderWith } from './given.ts';

describe('a pending order', () => {
  test('can be committed until its lifetime is over, to the millisecond', () => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 10_00n));
    trader.waits(LIFETIME_MS - 1);
    expect(trader.tries('not-asked', command('COMMIT_BUY'))).toBe('accepted');
    trader.waits(1);
    expect(trader.tries('not-asked', command('COMMIT_BUY'))).toBe('no-pending-buy');
  });

  test('that expired releases its money', () => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 10_00n));
    expect(trader.tries(1_00, command('BUY', 1n))).toBe('insufficient-funds');
    trader.waits(LIFETIME_MS);
    expect(trader.tries(1_00, command('BUY', 10_00n))).toBe('accepted');
    trader.does('not-asked', command('ADD', 1n));
    expect(available(trader.portfolio)).toBe(10_01n);
  });

  test('that expired releases its shares', () => {
    const trader = ownerOf(5n);
    trader.does(1_00, command('SELL', 5_00n));
    trader.waits(LIFETIME_MS);
    trader.does('not-asked', command('SET_SELL_AMOUNT', 1n));
    expect(availableShares(trader.portfolio, ABC)).toBe(5n);
    expect(trader.portfolio.sells).toEqual([]);
  });

  test('expires by itself, and a later one stays pending', () => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 1_00n));
    trader.waits(LIFETIME_MS - 1);
    trader.does(1_00, command('BUY', 2_00n));
    trader.waits(1);
    trader.does('not-asked', command('COMMIT_BUY'));
    expect(trader.portfolio.holdings.get(ABC)).toBe(2n);
    expect(trader.tries('not-asked', command('COMMIT_BUY'))).toBe('no-pending-buy');
  });

  test('has the next number even if earlier ones expired, so that no number is used twice', () => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 1_00n), command('BUY', 1_00n));
    trader.waits(LIFETIME_MS);
    trader.does(1_00, command('BUY', 1_00n));
    expect(trader.portfolio.buys.map(({ no }) => no)).toEqual([3]);
  });
});

test('a portfolio in which nothing expired is the same one', () => {
  const trader = traderWith(10_00n);
  trader.does(1_00, command('BUY', 1_00n));
  const { portfolio, now } = trader;
  expect(withoutExpired(portfolio, now, LIFETIME_MS)).toBe(portfolio);
});
