/** An active trigger: what it does, how far the price is, and the ways to change and to cancel it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { describeTrigger } from '../pure/describe-trigger.ts';
import { formatMoney } from '../pure/money.ts';
import { describeDistance } from '../pure/trigger-distance.ts';
import { useApp } from '../state/app-context.ts';
import { PriceAge } from './price-age.tsx';
import { TriggerBadges } from './trigger-badges.tsx';

type TriggerItemProps = {
  readonly trigger: Trigger;
  /** Whether it names its stock, with a link to it. */
  readonly hasSymbol?: boolean;
};

export function TriggerItem({ trigger, hasSymbol = false }: TriggerItemProps): JSX.Element {
  const { symbol } = trigger;
  return (
    <li class="item stack tight">
      <div class="row apart">
        <span class="row">
          {hasSymbol && (
            <a class="strong" href={`/trade/${symbol}`}>
              {symbol}
            </a>
          )}
          <TriggerBadges trigger={trigger} />
        </span>
        <TriggerActions trigger={trigger} />
      </div>
      <p>{describeTrigger(trigger)}</p>
      <Distance trigger={trigger} />
    </li>
  );
}

function Distance({ trigger: { symbol, price } }: TriggerItemProps): JSX.Element {
  const quote = useApp().store.quotes.value.get(symbol);
  if (price === null || quote === undefined) return <></>;
  return (
    <p class="small quiet">
      {describeDistance(price, quote.price)} of {formatMoney(quote.price)},{' '}
      <PriceAge at={quote.receivedAt} />.
    </p>
  );
}

function TriggerActions({ trigger: { symbol, side } }: TriggerItemProps): JSX.Element {
  const { actions } = useApp();
  const isBusy = useSignal(false);
  const cancel = async (): Promise<void> => {
    isBusy.value = true;
    const command = side === 'buy' ? 'CANCEL_SET_BUY' : 'CANCEL_SET_SELL';
    await actions.command({ command, symbol });
    isBusy.value = false;
  };
  return (
    <span class="row">
      <a
        class="button compact"
        href={`/triggers/${symbol}?side=${side}`}
        aria-label={`Edit the ${symbol} ${side} trigger`}
      >
        Edit
      </a>
      <button
        class="button compact danger"
        type="button"
        disabled={isBusy.value}
        aria-label={`Cancel the ${symbol} ${side} trigger`}
        onClick={() => void cancel()}
      >
        Cancel
      </button>
    </span>
  );
}
