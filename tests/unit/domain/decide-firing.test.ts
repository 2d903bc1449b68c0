import { describe, expect, test } from '@jest/globals';
import { armingId } from '../../../shared/domain/identity.ts';
import { ABC, command, fireTrigger, ownerOf, Trader, traderWith } from './given.ts';

const HIGH = 99_99;
const LOW = 1;
const NOTHING = { type: 'accepted', events: [] };

/** Makes a trader with a trigger that buys ABC for 30.00 at 10.00 or less. */
function buyer(): Trader {
  const trader = traderWith(100_00n);
  trader.does('not-asked', command('SET_BUY_AMOUNT', 30_00n));
  trader.does(HIGH, command('SET_BUY_TRIGGER', 10_00n));
  return trader;
}

/** Makes a trader with a trigger that sells four of ten shares of ABC at 7.00 or more. */
function seller(): Trader {
  const trader = ownerOf(10n);
  trader.does('not-asked', command('SET_SELL_AMOUNT', 30_00n));
  trader.does(LOW, command('SET_SELL_TRIGGER', 7_00n));
  return trader;
}

describe('a trigger that a later quote met', () => {
  test('buys at the current price and returns the rest of the reserve', () => {
    const trader = buyer();
    const events = trader.does(8_00, trader.firing('buy'));
    expect(events).toMatchObject([
      { type: 'BuyTriggerFired', arming: { number: 3, price: 10_00n }, price: 8_00n },
    ]);
    const { portfolio } = trader;
    expect([portfolio.balance, portfolio.holdings.get(ABC)]).toEqual([76_00n, 3n]);
    expect(portfolio.buyTriggers.size).toBe(0);
  });

  test('sells its reserved shares at the current price', () => {
    const trader = seller();
    trader.does(9_50, trader.firing('sell'));
    const { portfolio } = trader;
    expect([portfolio.balance, portfolio.holdings.get(ABC)]).toEqual([38_00n, 6n]);
    expect(portfolio.sellTriggers.size).toBe(0);
  });

  test.each([
    ['buy', buyer, 10_00],
    ['sell', seller, 7_00],
  ] as const)('a %s fires at exactly its price, and once', (side, open, price) => {
    const trader = open();
    const firing = trader.firing(side);
    expect(trader.does(price, firing)).toHaveLength(1);
    expect(trader.decides(price, firing)).toEqual(NOTHING);
  });

  test.each([
    ['buy', buyer, 10_01],
    ['sell', seller, 6_99],
  ] as const)('a %s whose price moved back stays armed', (side, open, price) => {
    const trader = open();
    const before = trader.portfolio;
    expect(trader.does(price, trader.firing(side))).toEqual([]);
    expect(trader.portfolio).toEqual(before);
  });

  test.each([
    ['buy', buyer, 'CANCEL_SET_BUY'],
    ['sell', seller, 'CANCEL_SET_SELL'],
  ] as const)('a %s that was cancelled since does not fire', (side, open, cancel) => {
    const trader = open();
    const firing = trader.firing(side);
    trader.does('not-asked', command(cancel));
    expect(trader.decides('not-asked', firing)).toEqual(NOTHING);
  });

  test.each([
    ['buy', buyer, 'SET_BUY_TRIGGER', HIGH, 10_00n, 1_00],
    ['sell', seller, 'SET_SELL_TRIGGER', LOW, 7_00n, 50_00],
  ] as const)(
    'a %s that was armed anew does not fire for the old arming',
    (side, open, rearm, away, price, met) => {
      const trader = open();
      const old = trader.firing(side);
      trader.does(away, command(rearm, price));
      expect(trader.decides(met, old)).toEqual(NOTHING);
      expect(trader.does(met, trader.firing(side))).toHaveLength(1);
    },
  );

  test('one that is set but not armed does not fire', () => {
    const trader = buyer();
    const old = trader.firing('buy');
    trader.does('not-asked', command('SET_BUY_AMOUNT', 30_00n));
    expect(trader.decides(1, old)).toEqual(NOTHING);
  });

  test('asks for the current price, and without one stays armed', () => {
    const trader = buyer();
    expect(trader.tries('not-asked', trader.firing('buy'))).toBe('quote-needed');
    expect(trader.does('unavailable', trader.firing('buy'))).toEqual([]);
    expect(trader.portfolio.buyTriggers.get(ABC)?.arming?.price).toBe(10_00n);
  });

  test('of a user without an account is nothing', () => {
    const firing = fireTrigger('sell', armingId('gone'));
    expect(new Trader().decides('not-asked', firing)).toEqual(NOTHING);
  });
});
