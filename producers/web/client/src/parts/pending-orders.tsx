/** The pending orders, with the one to be decided next on top, and the expired ones. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { withoutRanOut } from '../pure/track-orders.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { OrderCard } from './order-card.tsx';
import { RanOutCard } from './ran-out-card.tsx';

export function PendingOrders(): JSX.Element | null {
  const { store } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const { pending, ranOut } = store.orders.value;
  const placedAt = store.placedHere.value;
  const isPlaced = pending.some((order) => order.placedAt === placedAt);
  useEffect(() => {
    if (!isPlaced) return undefined;
    // Comes after a new page has focused its heading.
    const timer = setTimeout(() => {
      // On a phone the order may be off screen, and its countdown is running.
      box.current?.focus({ preventScroll: true });
      box.current?.scrollIntoView({ block: 'nearest' });
      store.placedHere.value = undefined;
    });
    return () => clearTimeout(timer);
  }, [isPlaced]);
  if (pending.length + ranOut.length === 0) return null;
  return (
    <div class="confirm" ref={box} tabIndex={-1}>
      <Card title="To confirm">
        <div class="stack">
          {pending.map((order) => (
            <OrderCard key={order.no} order={order} />
          ))}
          {ranOut.map((order) => (
            <RanOutCard
              key={order.no}
              order={order}
              onDismiss={() => (store.orders.value = withoutRanOut(store.orders.value, order))}
            />
          ))}
        </div>
      </Card>
    </div>
  );
}
