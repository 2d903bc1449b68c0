import { describe, expect, test } from '@jest/globals';
import { BALANCE_MAX } from '../../../shared/domain/money.ts';
import { ABC, command, traderWith, type Trader } from './given.ts';

const HIGH = 99_99;

/** Makes a trader with shares of ABC and a balance this far below the limit. */
function nearLimit({ room, shares = 0n }: { room: bigint; shares?: bigint }): Trader {
  const trader = traderWith(100_00n);
  if (shares > 0n) trader.does(1, command('BUY', shares), command('COMMIT_BUY'));
  fill(trader, room);
  return trader;
}

function fill(trader: Trader, room: bigint): void {
  const missing = BALANCE_MAX - room - trader.portfolio.balance;
  trader.does('not-asked', command('ADD', missing));
}

describe('a balance of 9,000,000,000,000.00', () => {
  test('is the most that an ADD may bring about', () => {
    const trader = nearLimit({ room: 5n });
    expect(trader.tries('not-asked', command('ADD', 6n))).toBe('balance-limit');
    trader.does('not-asked', command('ADD', 5n));
    expect(trader.portfolio.balance).toBe(900_000_000_000_000n);
  });

  test('is the most that a COMMIT_SELL may bring about; the sell stays pending', () => {
    const trader = nearLimit({ room: 1_99n, shares: 2n });
    trader.does(1_00, command('SELL', 2_00n));
    expect(trader.tries('not-asked', command('COMMIT_SELL'))).toBe('balance-limit');
    expect(trader.portfolio.sells).toHaveLength(1);
    trader.does(1, command('BUY', 1n), command('COMMIT_BUY'), command('COMMIT_SELL'));
    expect(trader.portfolio.balance).toBe(BALANCE_MAX);
  });

  test.each([
    [4_99n, 'balance-limit'],
    [5_00n, 'accepted'],
  ] as const)('with room for %d cents, a reserve of 5.00 to return: %s', (room, expected) => {
    const trader = traderWith(5_00n);
    trader.does('not-asked', command('SET_BUY_AMOUNT', 5_00n));
    fill(trader, room);
    expect(trader.tries('not-asked', command('CANCEL_SET_BUY'))).toBe(expected);
  });

  test('counts the outcome of a SET_BUY_AMOUNT, not the balance on the way', () => {
    const trader = traderWith(5_00n);
    trader.does('not-asked', command('SET_BUY_AMOUNT', 5_00n));
    fill(trader, 1_00n);
    expect(trader.tries('not-asked', command('SET_BUY_AMOUNT', 3_99n))).toBe('balance-limit');
    expect(trader.tries('not-asked', command('SET_BUY_AMOUNT', 4_00n))).toBe('accepted');
  });

  test.each([
    [1_99n, 'balance-limit'],
    [2_00n, 'accepted'],
  ] as const)('with room for %d cents, a sell trigger that fires at once: %s', (room, expected) => {
    const trader = nearLimit({ room, shares: 2n });
    trader.does('not-asked', command('SET_SELL_AMOUNT', 1_00n));
    expect(trader.tries(1_00, command('SET_SELL_TRIGGER', 50n))).toBe(expected);
  });

  test.each([
    [99n, 'balance-limit'],
    [1_00n, 'accepted'],
  ] as const)('with room for %d cents, a buy trigger that fires at once: %s', (room, expected) => {
    const trader = traderWith(5_00n);
    trader.does('not-asked', command('SET_BUY_AMOUNT', 5_00n));
    fill(trader, room);
    expect(trader.tries(4_00, command('SET_BUY_TRIGGER', 4_00n))).toBe(expected);
  });
});

describe('a later firing that would exceed the limit', () => {
  test('cancels the sell trigger: its shares return', () => {
    const trader = nearLimit({ room: 1n, shares: 4n });
    trader.does('not-asked', command('SET_SELL_AMOUNT', 4_00n));
    trader.does(1, command('SET_SELL_TRIGGER', 2_00n));
    expect(trader.portfolio.holdings.get(ABC)).toBe(2n);
    const events = trader.does(2_00, trader.firing('sell'));
    expect(events).toEqual([{ type: 'SellTriggerCancelled', symbol: ABC, released: 2n }]);
    expect(trader.portfolio.holdings.get(ABC)).toBe(4n);
    expect(trader.portfolio.sellTriggers.size).toBe(0);
  });

  test('disarms the buy trigger, whose reserve could not return either', () => {
    const trader = traderWith(5_00n);
    trader.does('not-asked', command('SET_BUY_AMOUNT', 5_00n));
    trader.does(HIGH, command('SET_BUY_TRIGGER', 4_00n));
    fill(trader, 99n);
    const events = trader.does(4_00, trader.firing('buy'));
    expect(events).toEqual([{ type: 'BuyTriggerDisarmed', symbol: ABC }]);
    expect(trader.portfolio.buyTriggers.get(ABC)).toEqual({ amount: 5_00n, arming: undefined });
  });
});
