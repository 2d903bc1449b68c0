/** Tells of each order that expires, on whichever page the user is. */
import { effect } from '@preact/signals';
import { formatShares } from '../pure/money.ts';
import type { Store } from './store.ts';
import type { Toaster } from './toaster.ts';

/** Starts after the expired orders of before are restored, which it does not tell again. */
export function announceExpiry(
  { orders }: Pick<Store, 'orders'>,
  notify: Toaster['notify'],
): () => void {
  const told = new Set(orders.peek().ranOut.map(({ no }) => no));
  return effect(() => {
    for (const { no, side, symbol, shares } of orders.value.ranOut) {
      if (told.has(no)) continue;
      told.add(no);
      const title = `Your ${side} of ${formatShares(shares)} of ${symbol} ran out`;
      const link = { href: `/trade/${symbol}`, text: 'Quote again' };
      notify({ kind: 'info', title, detail: 'Nothing was traded.', link });
    }
  });
}
