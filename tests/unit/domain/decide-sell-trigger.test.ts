import { describe, expect, test } from '@jest/globals';
import { availableShares } from '../../../shared/domain/portfolio.ts';
import { reservedShares } from '../../../shared/domain/trigger.ts';
import { ABC, command, ownerOf, XYZ, type Trader } from './given.ts';

const LOW = 1;

/** Makes a trader with ten shares of ABC and a sell amount of 30.00. */
function withAmount(): Trader {
  const trader = ownerOf(10n);
  trader.does('not-asked', command('SET_SELL_AMOUNT', 30_00n));
  return trader;
}

const reserved = ({ portfolio }: Trader): bigint => reservedShares(portfolio.sellTriggers.get(ABC));
const owned = ({ portfolio }: Trader): bigint => portfolio.holdings.get(ABC) ?? 0n;

describe('SET_SELL_AMOUNT', () => {
  test('notes the amount and reserves nothing yet', () => {
    const trader = withAmount();
    expect([owned(trader), reserved(trader)]).toEqual([10n, 0n]);
    expect(trader.portfolio.sellTriggers.get(ABC)).toEqual({ amount: 30_00n, arming: undefined });
  });

  test('needs a share that is available', () => {
    const trader = ownerOf(2n);
    expect(trader.tries('not-asked', command('SET_SELL_AMOUNT', 1n, XYZ))).toBe('no-shares');
    trader.does(1_00, command('SELL', 2_00n));
    expect(trader.tries('not-asked', command('SET_SELL_AMOUNT', 1n))).toBe('no-shares');
  });

  test('counts the shares of the trigger it replaces, which return', () => {
    const trader = withAmount();
    trader.does(LOW, command('SET_SELL_TRIGGER', 3_00n));
    expect([owned(trader), reserved(trader)]).toEqual([0n, 10n]);
    trader.does('not-asked', command('SET_SELL_AMOUNT', 1_00n));
    expect([owned(trader), reserved(trader)]).toEqual([10n, 0n]);
    expect(trader.portfolio.sellTriggers.get(ABC)).toEqual({ amount: 1_00n, arming: undefined });
  });
});

describe('SET_SELL_TRIGGER', () => {
  test('reserves the shares that the amount is worth at the trigger price', () => {
    const trader = withAmount();
    trader.does(LOW, command('SET_SELL_TRIGGER', 7_00n));
    expect([owned(trader), reserved(trader)]).toEqual([6n, 4n]);
    const arming = trader.portfolio.sellTriggers.get(ABC)?.arming;
    expect(arming).toMatchObject({ price: 7_00n, shares: 4n, number: 5 });
  });

  test('reserves other shares instead if it is moved', () => {
    const trader = withAmount();
    trader.does(LOW, command('SET_SELL_TRIGGER', 3_00n), command('SET_SELL_TRIGGER', 15_00n));
    expect([owned(trader), reserved(trader)]).toEqual([8n, 2n]);
    trader.does(LOW, command('SET_SELL_TRIGGER', 3_00n));
    expect([owned(trader), reserved(trader)]).toEqual([0n, 10n]);
  });

  test('fires at once at a price that is met, for the shares it reserves', () => {
    const trader = withAmount();
    const events = trader.does(8_00, command('SET_SELL_TRIGGER', 7_00n));
    expect(events).toMatchObject([
      { type: 'SellTriggerArmed', shares: 4n, released: 0n },
      { type: 'SellTriggerFired', shares: 4n, price: 8_00n },
    ]);
    expect([trader.portfolio.balance, owned(trader)]).toEqual([32_00n, 6n]);
    expect(trader.portfolio.sellTriggers.size).toBe(0);
  });

  test('fires at exactly its price, and not a cent below', () => {
    const trader = withAmount();
    trader.does(6_99, command('SET_SELL_TRIGGER', 7_00n));
    expect(trader.portfolio.balance).toBe(0n);
    trader.does(7_00, command('SET_SELL_TRIGGER', 7_00n));
    expect(trader.portfolio.balance).toBe(28_00n);
  });

  test('needs an amount, a share that it pays for, and the shares, all before a quote', () => {
    const trader = withAmount();
    const tries = (price: bigint, symbol = ABC): string =>
      trader.tries('not-asked', command('SET_SELL_TRIGGER', price, symbol));
    expect(tries(1n, XYZ)).toBe('no-sell-amount');
    expect(tries(30_01n)).toBe('amount-below-price');
    expect(tries(2_72n)).toBe('insufficient-shares');
    expect(tries(2_73n)).toBe('quote-needed');
  });

  test('counts its own reserve, and not what pending sells hold', () => {
    const trader = withAmount();
    trader.does(LOW, command('SET_SELL_TRIGGER', 7_00n));
    trader.does(1_00, command('SELL', 3_00n));
    const tries = (price: bigint): string => trader.tries(LOW, command('SET_SELL_TRIGGER', price));
    expect(tries(3_75n)).toBe('insufficient-shares');
    expect(tries(4_00n)).toBe('accepted');
  });
});

describe('CANCEL_SET_SELL', () => {
  test.each([false, true])('lets go of the shares; armed: %s', (isArmed) => {
    const trader = withAmount();
    if (isArmed) trader.does(LOW, command('SET_SELL_TRIGGER', 3_00n));
    trader.does('not-asked', command('CANCEL_SET_SELL'));
    expect(availableShares(trader.portfolio, ABC)).toBe(10n);
    expect(trader.portfolio.sellTriggers.size).toBe(0);
  });

  test('needs an amount of that symbol', () => {
    const trader = withAmount();
    const other = command('CANCEL_SET_SELL', 0n, XYZ);
    expect(trader.tries('not-asked', other)).toBe('no-sell-amount');
  });
});
