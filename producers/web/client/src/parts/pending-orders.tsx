/** The orders that await a decision, the one that is next on top, and those that ran out. */
import type { JSX } from 'preact';
import { withoutRanOut } from '../pure/track-orders.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { OrderCard, RanOutCard } from './order-card.tsx';

export function PendingOrders(): JSX.Element | null {
  const { store } = useApp();
  const { pending, ranOut } = store.orders.value;
  if (pending.length + ranOut.length === 0) return null;
  return (
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
  );
}
