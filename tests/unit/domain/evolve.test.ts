import { describe, expect, test } from '@jest/globals';
import type { DomainEvent } from '../../../shared/domain/event.ts';
import { evolve } from '../../../shared/domain/evolve.ts';
import { armingId } from '../../../shared/domain/identity.ts';
import { InvariantError } from '../../../shared/domain/invariant-error.ts';
import { cents } from '../../../shared/domain/money.ts';
import type { Order } from '../../../shared/domain/order.ts';
import { EMPTY_PORTFOLIO } from '../../../shared/domain/portfolio.ts';
import { shares } from '../../../shared/domain/shares.ts';
import { instant } from '../../../shared/domain/time.ts';
import { ABC } from './given.ts';

const order: Order = { no: 1, symbol: ABC, shares: shares(2), price: cents(50), at: instant(1) };
const arming = { id: armingId('the arming'), price: cents(50), number: 1 };
const trade = { symbol: ABC, arming, shares: shares(1), price: cents(50) };

/** Each event needs an order or a trigger that an empty portfolio lacks. */
const UNFOUNDED: readonly DomainEvent[] = [
  { type: 'BuyCommitted', order },
  { type: 'BuyCancelled', order },
  { type: 'SellCommitted', order },
  { type: 'SellCancelled', order },
  { type: 'BuyTriggerArmed', symbol: ABC, arming },
  { type: 'BuyTriggerCancelled', symbol: ABC, returned: cents(1) },
  { type: 'BuyTriggerDisarmed', symbol: ABC },
  { type: 'BuyTriggerFired', ...trade, returned: cents(0) },
  { type: 'SellTriggerArmed', symbol: ABC, arming, shares: shares(1), released: shares(0) },
  { type: 'SellTriggerCancelled', symbol: ABC, released: shares(0) },
  { type: 'SellTriggerFired', ...trade },
];

describe('an event that does not fit the portfolio is a defect', () => {
  test.each(UNFOUNDED)('$type without its order or trigger', (event) => {
    expect(() => evolve(EMPTY_PORTFOLIO, event)).toThrow(InvariantError);
  });

  test.each(['BuyAmountSet', 'SellAmountSet'] as const)(
    '%s while there is a trigger: its reserve would be lost',
    (type) => {
      const set: DomainEvent = { type, symbol: ABC, amount: cents(1) };
      expect(() => evolve(evolve(EMPTY_PORTFOLIO, set), set)).toThrow('already');
    },
  );
});
