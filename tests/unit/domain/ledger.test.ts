import { describe, expect, test } from '@jest/globals';
import type { DomainEvent } from '../../../shared/domain/event.ts';
import { armingId } from '../../../shared/domain/identity.ts';
import { isBalanced } from '../../../shared/domain/invariant.ts';
import { ledgerEntryOf, type LedgerEntry } from '../../../shared/domain/ledger.ts';
import { cents } from '../../../shared/domain/money.ts';
import type { Order } from '../../../shared/domain/order.ts';
import { shares } from '../../../shared/domain/shares.ts';
import { instant } from '../../../shared/domain/time.ts';
import { ABC } from './given.ts';

const order: Order = { no: 1, symbol: ABC, shares: shares(3), price: cents(333), at: instant(1) };
const arming = { id: armingId('the arming'), price: cents(500), number: 7 };

/** The fields of an entry that are not zero. */
type Moves = Partial<
  Pick<
    LedgerEntry,
    'balance' | 'reserve' | 'deposited' | 'traded' | 'holding' | 'reservedShares' | 'tradedShares'
  >
>;
type Plain = { readonly [Field in keyof Moves]: number };

const MOVES: readonly (readonly [event: DomainEvent, moves: Plain])[] = [
  [
    { type: 'FundsAdded', amount: cents(5) },
    { balance: 5, deposited: 5 },
  ],
  [
    { type: 'BuyCommitted', order },
    { balance: -999, traded: -999, holding: 3, tradedShares: 3 },
  ],
  [
    { type: 'SellCommitted', order },
    { balance: 999, traded: 999, holding: -3, tradedShares: -3 },
  ],
  [
    { type: 'BuyAmountSet', symbol: ABC, amount: cents(5) },
    { balance: -5, reserve: 5 },
  ],
  [
    { type: 'BuyTriggerCancelled', symbol: ABC, returned: cents(5) },
    { balance: 5, reserve: -5 },
  ],
  [
    { type: 'SellTriggerArmed', symbol: ABC, arming, shares: shares(5), released: shares(2) },
    { holding: -3, reservedShares: 3 },
  ],
  [
    { type: 'SellTriggerCancelled', symbol: ABC, released: shares(2) },
    { holding: 2, reservedShares: -2 },
  ],
  [
    {
      type: 'BuyTriggerFired',
      symbol: ABC,
      arming,
      shares: shares(2),
      price: cents(400),
      returned: cents(50),
    },
    { balance: 50, reserve: -850, traded: -800, holding: 2, tradedShares: 2 },
  ],
  [
    { type: 'SellTriggerFired', symbol: ABC, arming, shares: shares(2), price: cents(400) },
    { balance: 800, traded: 800, reservedShares: -2, tradedShares: -2 },
  ],
];

const UNMOVING: readonly DomainEvent[] = [
  { type: 'BuyPlaced', order },
  { type: 'BuyCancelled', order },
  { type: 'SellPlaced', order },
  { type: 'SellCancelled', order },
  { type: 'SellAmountSet', symbol: ABC, amount: cents(5) },
  { type: 'BuyTriggerArmed', symbol: ABC, arming },
  { type: 'BuyTriggerDisarmed', symbol: ABC },
  { type: 'SellTriggerArmed', symbol: ABC, arming, shares: shares(2), released: shares(2) },
  { type: 'SellTriggerCancelled', symbol: ABC, released: shares(0) },
];

const STILL = {
  balance: 0n,
  reserve: 0n,
  deposited: 0n,
  traded: 0n,
  holding: 0n,
  reservedShares: 0n,
  tradedShares: 0n,
};

describe('the ledger entry', () => {
  test.each(MOVES)('of %j has the right movements, and is balanced', (event, moves) => {
    const entry = ledgerEntryOf(event);
    const expected = Object.entries(moves).map(([field, count]) => [field, BigInt(count)]);
    expect(entry).toMatchObject({
      event: event.type,
      ...STILL,
      ...(Object.fromEntries(expected) as object),
    });
    expect(entry !== undefined && isBalanced(entry)).toBe(true);
  });

  test.each(UNMOVING)('of $type does not exist, because nothing moves', (event) => {
    expect(ledgerEntryOf(event)).toBeUndefined();
  });

  test.each(['BuyTriggerFired', 'SellTriggerFired'])('of a %s names its arming', (type) => {
    const [event] = MOVES.find(([{ type: one }]) => one === type) ?? [];
    expect(event && ledgerEntryOf(event)).toMatchObject({
      armingId: 'the arming',
      symbol: ABC,
      price: 400n,
    });
  });
});

describe('an entry that makes or loses something', () => {
  const [event] = MOVES[0] ?? [];
  const entry = event && ledgerEntryOf(event);

  test.each(Object.keys(STILL))('is not balanced: %s', (field) => {
    if (entry === undefined) throw new Error('not reached');
    expect(isBalanced(entry)).toBe(true);
    const was = new Map<string, unknown>(Object.entries(entry)).get(field);
    const changed = { ...entry, [field]: typeof was === 'bigint' ? was + 1n : 1n };
    expect(isBalanced(changed)).toBe(false);
  });
});
