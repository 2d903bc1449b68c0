/** The pending orders, with the one to be decided next on top, and the expired ones. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { withoutRanOut } from '../pure/track-orders.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { OrderCard } from './order-card.tsx';
import { RanOutCard } from './ran-out-card.tsx';

/**
 * Commits or cancels the order on top by a key. The keys work while the list has the focus, which it gets when an
 * order is placed.
 */
const DECISIONS: Readonly<Record<string, 'commit' | 'cancel'>> = {
  Enter: 'commit',
  Escape: 'cancel',
};
/** A second Enter on the ticket within this time was not meant for the order. */
const DOUBLE_MS = 600;

export function PendingOrders(): JSX.Element | null {
  const { store } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const focusedAt = useRef(0);
  const { pending, ranOut } = store.orders.value;
  const placedAt = store.placedHere.value;
  const isPlaced = pending.some((order) => order.placedAt === placedAt);
  useEffect(() => {
    if (!isPlaced) return undefined;
    // Comes after a new page has focused its heading.
    const timer = setTimeout(() => {
      // On a phone the order may be off screen, and its countdown is running.
      box.current?.focus({ preventScroll: true });
      focusedAt.current = performance.now();
      box.current?.scrollIntoView({ block: 'nearest' });
      store.placedHere.value = undefined;
    });
    return () => clearTimeout(timer);
  }, [isPlaced]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== box.current || event.repeat) return;
    const decision = DECISIONS[event.key];
    if (decision === 'commit' && performance.now() - focusedAt.current < DOUBLE_MS) return;
    const button = decision && box.current?.querySelector<HTMLElement>(`[data-does=${decision}]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  };
  if (pending.length + ranOut.length === 0) return null;
  return (
    <div class="confirm" ref={box} tabIndex={-1} onKeyDown={onKeyDown}>
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
