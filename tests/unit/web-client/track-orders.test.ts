import { describe, expect, test } from '@jest/globals';
import type { PendingOrder } from '../../../shared/web-api/portfolio.ts';
import {
  NO_ORDERS,
  trackOrders,
  withoutDecided,
  withoutRanOut,
} from '../../../producers/web/client/src/pure/track-orders.ts';

const order = (no: number, expiresAt: number): PendingOrder => ({
  no,
  side: 'buy',
  symbol: 'ABC',
  shares: 1,
  price: 100,
  cost: 100,
  placedAt: expiresAt - 60,
  expiresAt,
  next: true,
});

describe('pending orders as time goes by', () => {
  const both = [order(2, 200), order(1, 100)];

  test('one whose time is over ran out, though the server says nothing', () => {
    const before = trackOrders(NO_ORDERS, { known: both, now: 50 });
    const after = trackOrders(before, { known: both, now: 100 });
    expect(after.pending.map(({ no }) => no)).toEqual([2]);
    expect(after.ranOut.map(({ no }) => no)).toEqual([1]);
  });

  test('one that is gone before its time was decided on, and did not run out', () => {
    const before = trackOrders(NO_ORDERS, { known: both, now: 50 });
    const after = trackOrders(before, { known: [order(1, 100)], now: 60 });
    expect(after).toEqual({ pending: [order(1, 100)], ranOut: [] });
  });

  test('one that the server knows no more after its time ran out, whatever the clock here says', () => {
    const before = trackOrders(NO_ORDERS, { known: both, now: 50 });
    const after = trackOrders(before, { known: [order(2, 200)], now: 100 });
    expect(after.ranOut.map(({ no }) => no)).toEqual([1]);
  });

  test('one that was decided on here is gone at once', () => {
    expect(withoutDecided(both, order(2, 200))).toEqual([order(1, 100)]);
    expect(withoutDecided(both, { ...order(2, 200), side: 'sell' })).toEqual(both);
  });

  test('one that was over before this page heard of it is not told', () => {
    expect(trackOrders(NO_ORDERS, { known: both, now: 500 })).toBe(NO_ORDERS);
  });

  test('nothing changes as long as nothing changed, so that nothing is drawn anew', () => {
    const before = trackOrders(NO_ORDERS, { known: both, now: 50 });
    expect(trackOrders(before, { known: [...both], now: 60 })).toBe(before);
  });

  test('only the latest few that ran out are kept, and each can be dismissed', () => {
    const many = Array.from({ length: 6 }, (_, index) => order(index + 1, 100));
    const after = trackOrders(trackOrders(NO_ORDERS, { known: many, now: 50 }), {
      known: many,
      now: 100,
    });
    expect(after.ranOut).toHaveLength(3);
    expect(withoutRanOut(after, order(1, 100)).ranOut.map(({ no }) => no)).toEqual([2, 3]);
  });
});
