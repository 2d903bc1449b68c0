import { describe, expect, test } from '@jest/globals';
import { available } from '../../../shared/domain/portfolio.ts';
import { ABC, command, traderWith, XYZ, type Trader } from './given.ts';

const HIGH = 99_99;

/** Makes a trader who added 100.00 and reserved 30.00 of it for ABC. */
function withReserve(): Trader {
  const trader = traderWith(100_00n);
  trader.does('not-asked', command('SET_BUY_AMOUNT', 30_00n));
  return trader;
}

describe('SET_BUY_AMOUNT', () => {
  test('moves the amount from the balance to the reserve', () => {
    const { portfolio } = withReserve();
    expect(portfolio.balance).toBe(70_00n);
    expect([...portfolio.buyTriggers]).toEqual([[ABC, { amount: 30_00n, arming: undefined }]]);
  });

  test('may take all that is available, and not a cent more', () => {
    const trader = traderWith(10_00n);
    trader.does(1_00, command('BUY', 4_00n));
    expect(trader.tries('not-asked', command('SET_BUY_AMOUNT', 6_01n))).toBe('insufficient-funds');
    expect(trader.tries('not-asked', command('SET_BUY_AMOUNT', 6_00n))).toBe('accepted');
  });

  test('counts the reserve it replaces, which returns first', () => {
    const trader = withReserve();
    expect(trader.tries('not-asked', command('SET_BUY_AMOUNT', 100_01n))).toBe(
      'insufficient-funds',
    );
    const events = trader.does('not-asked', command('SET_BUY_AMOUNT', 100_00n));
    expect(events).toMatchObject([
      { type: 'BuyTriggerCancelled', returned: 30_00n, replaced: true },
      { type: 'BuyAmountSet', amount: 100_00n },
    ]);
    expect(trader.portfolio.balance).toBe(0n);
  });

  test('counts no reserve of another symbol', () => {
    const trader = withReserve();
    const other = command('SET_BUY_AMOUNT', 70_01n, XYZ);
    expect(trader.tries('not-asked', other)).toBe('insufficient-funds');
  });

  test('removes the arming of the trigger if given again', () => {
    const trader = withReserve();
    trader.does(HIGH, command('SET_BUY_TRIGGER', 10_00n));
    trader.does('not-asked', command('SET_BUY_AMOUNT', 5_00n));
    expect(trader.portfolio.buyTriggers.get(ABC)).toEqual({ amount: 5_00n, arming: undefined });
    expect(trader.portfolio.balance).toBe(95_00n);
  });
});

describe('SET_BUY_TRIGGER', () => {
  test('arms the trigger if the price is above it', () => {
    const trader = withReserve();
    trader.does(10_01, command('SET_BUY_TRIGGER', 10_00n));
    const trigger = trader.portfolio.buyTriggers.get(ABC);
    expect(trigger).toMatchObject({ amount: 30_00n, arming: { price: 10_00n, number: 3 } });
  });

  test('moves a trigger that is armed: another price and another arming', () => {
    const trader = withReserve();
    trader.does(HIGH, command('SET_BUY_TRIGGER', 10_00n));
    const before = trader.portfolio.buyTriggers.get(ABC)?.arming;
    trader.does(HIGH, command('SET_BUY_TRIGGER', 11_00n));
    const after = trader.portfolio.buyTriggers.get(ABC)?.arming;
    expect([before?.price, after?.price]).toEqual([10_00n, 11_00n]);
    expect(after?.id).not.toBe(before?.id);
  });

  test('fires at once at a price that is met, and returns the rest of the reserve', () => {
    const trader = withReserve();
    const events = trader.does(9_00, command('SET_BUY_TRIGGER', 10_00n));
    expect(events).toMatchObject([
      { type: 'BuyTriggerArmed' },
      { type: 'BuyTriggerFired', shares: 3n, price: 9_00n, returned: 3_00n },
    ]);
    const { portfolio } = trader;
    expect([portfolio.balance, portfolio.holdings.get(ABC)]).toEqual([73_00n, 3n]);
    expect(portfolio.buyTriggers.size).toBe(0);
  });

  test('fires at exactly its price', () => {
    const trader = withReserve();
    trader.does(10_00, command('SET_BUY_TRIGGER', 10_00n));
    expect(trader.portfolio.holdings.get(ABC)).toBe(3n);
    expect(trader.portfolio.balance).toBe(70_00n);
  });

  test('needs a reserve of that symbol, which buys a share at the trigger price', () => {
    const trader = withReserve();
    const other = command('SET_BUY_TRIGGER', 1n, XYZ);
    expect(trader.tries('not-asked', other)).toBe('no-buy-amount');
    const tooHigh = command('SET_BUY_TRIGGER', 30_01n);
    expect(trader.tries('not-asked', tooHigh)).toBe('amount-below-price');
    const high = command('SET_BUY_TRIGGER', 30_00n);
    expect(trader.tries('not-asked', high)).toBe('quote-needed');
  });

  test('is rejected if no price is available, and leaves the trigger as it was', () => {
    const trader = withReserve();
    trader.does(HIGH, command('SET_BUY_TRIGGER', 10_00n));
    const move = command('SET_BUY_TRIGGER', 12_00n);
    expect(trader.tries('unavailable', move)).toBe('quote-unavailable');
  });
});

describe('CANCEL_SET_BUY', () => {
  test.each([false, true])('returns the reserve; armed: %s', (isArmed) => {
    const trader = withReserve();
    if (isArmed) trader.does(HIGH, command('SET_BUY_TRIGGER', 10_00n));
    trader.does('not-asked', command('CANCEL_SET_BUY'));
    expect(available(trader.portfolio)).toBe(100_00n);
    expect(trader.portfolio.buyTriggers.size).toBe(0);
  });

  test('needs a reserve of that symbol', () => {
    const trader = withReserve();
    const other = command('CANCEL_SET_BUY', 0n, XYZ);
    expect(trader.tries('not-asked', other)).toBe('no-buy-amount');
  });
});
