import { describe, expect, test } from '@jest/globals';
import { armingId } from '../../../shared/domain/identity.ts';
import { brokenInvariant } from '../../../shared/domain/invariant.ts';
import { BALANCE_MAX, cents } from '../../../shared/domain/money.ts';
import type { Order } from '../../../shared/domain/order.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../../shared/domain/portfolio.ts';
import { shares } from '../../../shared/domain/shares.ts';
import { instant } from '../../../shared/domain/time.ts';
import { ABC } from './given.ts';

const order: Order = { no: 1, symbol: ABC, shares: shares(2), price: cents(50), at: instant(1) };
const arming = { id: armingId('the arming'), price: cents(50), number: 1 };

/** A portfolio with everything that it can hold, and just enough of it. */
const WHOLE: Portfolio = {
  opened: true,
  balance: cents(1_00),
  ordersPlaced: 2,
  holdings: new Map([[ABC, shares(2)]]),
  buys: [order],
  sells: [order],
  buyTriggers: new Map([[ABC, { amount: cents(0), arming }]]),
  sellTriggers: new Map([[ABC, { amount: cents(1), arming: { ...arming, shares: shares(1) } }]]),
};

const BROKEN: readonly (readonly [string, Partial<Portfolio>])[] = [
  ['balance is negative', { balance: cents(-1) }],
  ['balance is over its limit', { balance: cents(BALANCE_MAX + 1n) }],
  ['available money is negative', { balance: cents(99) }],
  ['holding of ABC is negative', { holdings: new Map([[ABC, shares(-1)]]), sells: [] }],
  ['available ABC is negative', { holdings: new Map([[ABC, shares(1)]]) }],
  ['available ABC is negative', { holdings: new Map() }],
  [
    'reserve for ABC is negative',
    { buyTriggers: new Map([[ABC, { amount: cents(-1), arming: undefined }]]) },
  ],
  [
    'reserved ABC is not positive',
    {
      sellTriggers: new Map([
        [ABC, { amount: cents(1), arming: { ...arming, shares: shares(0) } }],
      ]),
    },
  ],
];

describe('the invariants', () => {
  test.each([EMPTY_PORTFOLIO, WHOLE, { ...WHOLE, balance: BALANCE_MAX }])('hold', (portfolio) => {
    expect(brokenInvariant(portfolio)).toBeUndefined();
  });

  test.each(BROKEN)('%s', (broken, change) => {
    expect(brokenInvariant({ ...WHOLE, ...change })).toBe(broken);
  });
});
