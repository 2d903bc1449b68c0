/** The pending orders in the toolbar of every page: the one that expires first, with its countdown. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';
import { countdown, formatTimeLeft, spokenCountdown } from '../pure/countdown.ts';
import { formatShares } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';

export function OrderBadge(): JSX.Element {
  const { pending } = useApp().store.orders.value;
  const [first] = [...pending].sort((one, other) => one.expiresAt - other.expiresAt);
  return (
    <>
      {first !== undefined && <Badge order={first} count={pending.length} />}
      <SpokenCountdown order={first} />
    </>
  );
}

type BadgeProps = { readonly order: PendingOrder; readonly count: number };

function Badge({ order, count }: BadgeProps): JSX.Element {
  const { store } = useApp();
  const { secondsLeft } = countdown(order.placedAt, order.expiresAt, store.now.value);
  const { side, symbol, shares } = order;
  const what =
    count === 1
      ? `${side === 'buy' ? 'Buy' : 'Sell'} ${formatShares(shares)} of ${symbol}`
      : `${count} orders to confirm`;
  return (
    <a
      class={`order-badge ${secondsLeft <= 10 ? 'urgent' : ''}`}
      href={`/trade/${symbol}`}
      // Brings the order into view, also where its page is open already.
      onClick={() => (store.placedHere.value = order.placedAt)}
    >
      <span class="order-badge-what">{what}</span>
      <span class="strong number">{formatTimeLeft(secondsLeft)}</span>
    </a>
  );
}

/** Announces the last seconds of the order that expires first. */
function SpokenCountdown({ order }: { readonly order: PendingOrder | undefined }): JSX.Element {
  const { store } = useApp();
  const spoken = useSignal('');
  const secondsLeft =
    order === undefined
      ? undefined
      : countdown(order.placedAt, order.expiresAt, store.now.value).secondsLeft;
  useEffect(() => {
    const text = secondsLeft === undefined ? '' : spokenCountdown(secondsLeft);
    if (text !== undefined)
      spoken.value = text && `${order?.side ?? ''} ${order?.symbol ?? ''}: ${text}`;
  }, [secondsLeft]);
  return (
    <span class="unseen" role="status">
      {spoken.value}
    </span>
  );
}
