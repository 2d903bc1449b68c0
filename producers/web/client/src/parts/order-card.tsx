/** A pending order with its countdown and the buttons to commit or cancel it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';
import { countdown, formatTimeLeft, type Countdown } from '../pure/countdown.ts';
import { formatMoney, formatShares } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Spinner } from './icon.tsx';

type OrderCardProps = { readonly order: PendingOrder };

export function OrderCard({ order }: OrderCardProps): JSX.Element {
  const { store } = useApp();
  const left = countdown(order.placedAt, order.expiresAt, store.now.value);
  const { side, symbol, shares, price, cost, next } = order;
  const what = `${side === 'buy' ? 'Buy' : 'Sell'} ${formatShares(shares)} of ${symbol}`;
  return (
    <article class={`order ${side}`} aria-label={what}>
      <div class="order-body">
        <Ring left={left} />
        <div>
          <p class="strong">{what}</p>
          <p class="small quiet">
            {formatMoney(price)} each · {side === 'buy' ? 'costs' : 'brings'}{' '}
            <span class="strong ink">{formatMoney(cost)}</span>
          </p>
        </div>
      </div>
      {next ? (
        <Decision side={side} />
      ) : (
        <p class="small quiet">Its turn comes after the {side} above: the latest goes first.</p>
      )}
    </article>
  );
}

/** The buttons that commit or cancel the latest order of a side. */
function Decision({ side }: Pick<PendingOrder, 'side'>): JSX.Element {
  const { actions } = useApp();
  const deciding = useSignal<'COMMIT' | 'CANCEL' | undefined>(undefined);
  const isBusy = deciding.value !== undefined;
  const decide = async (decision: 'COMMIT' | 'CANCEL'): Promise<void> => {
    deciding.value = decision;
    const command = side === 'buy' ? (`${decision}_BUY` as const) : (`${decision}_SELL` as const);
    await actions.command({ command });
    deciding.value = undefined;
  };
  return (
    <div class="order-decision">
      <button
        class={`button ${side}`}
        type="button"
        data-does="commit"
        disabled={isBusy}
        onClick={() => void decide('COMMIT')}
      >
        {deciding.value === 'COMMIT' && <Spinner />}
        Commit {side}
      </button>
      <button
        class="button"
        type="button"
        data-does="cancel"
        disabled={isBusy}
        onClick={() => void decide('CANCEL')}
      >
        Cancel
      </button>
    </div>
  );
}

const RADIUS = 20;
const ROUND = 2 * Math.PI * RADIUS;

/** Whether the seconds fit in the ring. */
const isShort = ({ secondsLeft }: Countdown): boolean => secondsLeft < 100;

const Ring = ({ left }: { readonly left: Countdown }): JSX.Element => (
  <div class={`ring ${left.secondsLeft <= 10 ? 'urgent' : ''}`}>
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <circle class="ring-ground" cx="24" cy="24" r={RADIUS} />
      <circle
        class="ring-left"
        cx="24"
        cy="24"
        r={RADIUS}
        stroke-dasharray={ROUND}
        stroke-dashoffset={ROUND * (1 - left.fractionLeft)}
      />
    </svg>
    <span
      class={`ring-text ${isShort(left) ? '' : 'long'}`}
      role="timer"
      aria-label={`${left.secondsLeft} seconds left`}
    >
      {isShort(left) ? left.secondsLeft : formatTimeLeft(left.secondsLeft)}
    </span>
  </div>
);
