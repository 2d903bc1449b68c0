/** Costs and profits of the day, out of ledger entries. */
import { describe, expect, test } from '@jest/globals';
import { addEntries, EMPTY_BOOK, onDay } from '../../../producers/web/server/views/ledger-book.ts';
import type { LedgerRow } from '../../../shared/pg/web-ledger.ts';

const DAY_MS = 86_400_000;
let id = 0n;

const entry = (event: LedgerRow['event'], fields: Partial<LedgerRow>): LedgerRow => {
  id += 1n;
  return {
    id,
    at: BigInt(10 * DAY_MS),
    number: 7n,
    event,
    symbol: 'ABC',
    price: null,
    balance: 0n,
    reserve: 0n,
    deposited: 0n,
    traded: 0n,
    holding: 0n,
    reserved_shares: 0n,
    traded_shares: 0n,
    ...fields,
  };
};
const bought = (shares: bigint, price: bigint, at = 10 * DAY_MS): LedgerRow =>
  entry('BuyCommitted', { at: BigInt(at), traded: -shares * price, traded_shares: shares });
const sold = (shares: bigint, price: bigint, at = 10 * DAY_MS): LedgerRow =>
  entry('SellCommitted', { at: BigInt(at), traded: shares * price, traded_shares: -shares });

const abcOf = (entries: readonly LedgerRow[]) => addEntries(EMPTY_BOOK, entries).symbols.get('ABC');

describe('the cost of shares', () => {
  test('is the sum of what they cost', () => {
    expect(abcOf([bought(2n, 100n), bought(1n, 400n)])).toMatchObject({ shares: 3n, cost: 600n });
  });
  test('goes with a sale in its part, whatever the sale brings', () => {
    const book = abcOf([bought(2n, 100n), bought(2n, 200n), sold(1n, 900n)]);
    expect(book).toMatchObject({ shares: 3n, cost: 450n });
  });
  test('is nothing once the last share is sold, and begins anew', () => {
    expect(abcOf([bought(3n, 100n), sold(3n, 50n)])).toMatchObject({ shares: 0n, cost: 0n });
    const again = abcOf([bought(3n, 100n), sold(3n, 50n), bought(1n, 70n)]);
    expect(again).toMatchObject({ shares: 1n, cost: 70n });
  });
});

test('a sale realises its money less the average cost of the shares sold', () => {
  const book = abcOf([bought(2n, 100n), bought(2n, 200n), sold(1n, 900n), sold(3n, 10n)]);
  expect(book).toMatchObject({ shares: 0n, cost: 0n, realised: 900n + 30n - 600n });
  const again = abcOf([bought(3n, 100n), sold(3n, 50n), bought(1n, 70n)]);
  expect(again).toMatchObject({ realised: -150n });
});

describe('the day', () => {
  test('begins with the shares of the evening before', () => {
    const book = abcOf([bought(2n, 100n), bought(1n, 300n, 11 * DAY_MS + 5)]);
    expect(book).toMatchObject({ sharesAtOpen: 2n, tradedToday: -300n });
  });
  test('on which nothing was traded begins with what there is', () => {
    const book = onDay(addEntries(EMPTY_BOOK, [bought(2n, 100n)]), 12);
    expect(book.symbols.get('ABC')).toMatchObject({ sharesAtOpen: 2n, tradedToday: 0n });
  });
});

test('entries may come in pieces', () => {
  const entries = [bought(2n, 100n), sold(1n, 150n), bought(4n, 90n, 11 * DAY_MS)];
  const whole = addEntries(EMPTY_BOOK, entries);
  const pieces = entries.reduce((book, each) => addEntries(book, [each]), EMPTY_BOOK);
  expect(pieces).toEqual(whole);
});

test('what triggers reserve is summed by symbol', () => {
  const book = addEntries(EMPTY_BOOK, [
    entry('FundsAdded', { symbol: null, balance: 900n, deposited: 900n }),
    entry('BuyAmountSet', { balance: -50n, reserve: 50n }),
    entry('SellTriggerArmed', { symbol: 'XYZ', holding: -3n, reserved_shares: 3n }),
  ]);
  expect(book).toMatchObject({ balance: 850n, deposited: 900n, entries: 3 });
  expect(book.symbols.get('ABC')).toMatchObject({ reserve: 50n, reservedShares: 0n });
  expect(book.symbols.get('XYZ')).toMatchObject({ reserve: 0n, reservedShares: 3n });
});

test('a trigger whose amount was changed has not ended', () => {
  const changed = entry('BuyTriggerReplaced', { balance: 50n, reserve: -50n });
  expect(addEntries(EMPTY_BOOK, [changed]).ended).toEqual([]);
});

test('ended triggers are told, the latest first', () => {
  const { ended } = addEntries(EMPTY_BOOK, [
    entry('BuyTriggerFired', { price: 10n, traded: -30n, traded_shares: 3n }),
    entry('SellTriggerCancelled', { holding: 2n, reserved_shares: -2n }),
  ]);
  expect(ended).toMatchObject([
    { side: 'sell', state: 'cancelled', price: null, shares: 0 },
    { side: 'buy', state: 'fired', price: 10, shares: 3, traded: -30 },
  ]);
});
