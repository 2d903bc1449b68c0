/** The triggers page, where triggers are set and listed. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { EndedTrigger, Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Icon } from '../parts/icon.tsx';
import { SymbolSearch } from '../parts/symbol-search.tsx';
import { SideBadge, TriggerBadges } from '../parts/trigger-badges.tsx';
import { TriggerForm } from '../parts/trigger-form.tsx';
import { When } from '../parts/when.tsx';
import { describeEnded, describeTrigger } from '../pure/describe-trigger.ts';
import { formatCount, formatMoney } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Page } from './page.tsx';

export function TriggersPage({ symbol }: { readonly symbol: string | undefined }): JSX.Element {
  const { store, router } = useApp();
  const portfolio = store.portfolio.value;
  return (
    <Page
      title="Triggers"
      part={symbol}
      action={<SymbolSearch onOpen={(chosen) => router.go(`/triggers/${chosen}`)} />}
    >
      <div class="stack">
        {symbol === undefined ? (
          <Card>
            <Empty title="A trigger trades for you at the price you name.">
              Search a stock above to set one: buy at your price or below, or sell at your price or
              above. There is no stop-loss.
            </Empty>
          </Card>
        ) : (
          <TriggerForm key={symbol} symbol={symbol} />
        )}
        <div class="columns halves">
          <Active triggers={portfolio?.triggers} />
          <Ended triggers={portfolio?.endedTriggers} />
        </div>
      </div>
    </Page>
  );
}

function Active({ triggers }: { readonly triggers: readonly Trigger[] | undefined }): JSX.Element {
  return (
    <Card title="Active triggers">
      {triggers === undefined ? (
        <Empty title="Loading …" />
      ) : triggers.length === 0 ? (
        <Empty title="No active triggers." />
      ) : (
        <ul class="items">
          {triggers.map((trigger) => (
            <ActiveTrigger key={`${trigger.symbol}${trigger.side}`} trigger={trigger} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ActiveTrigger({ trigger }: { readonly trigger: Trigger }): JSX.Element {
  const { store, actions } = useApp();
  const isBusy = useSignal(false);
  const { symbol, side, price } = trigger;
  const quote = store.quotes.value.get(symbol);
  const cancel = async (): Promise<void> => {
    isBusy.value = true;
    const command = side === 'buy' ? 'CANCEL_SET_BUY' : 'CANCEL_SET_SELL';
    await actions.command({ command, symbol });
    isBusy.value = false;
  };
  return (
    <li class="item">
      <div class="row apart">
        <span class="row">
          <a class="strong" href={`/triggers/${symbol}`}>
            {symbol}
          </a>
          <TriggerBadges trigger={trigger} />
        </span>
        <button
          class="button compact danger"
          type="button"
          disabled={isBusy.value}
          aria-label={`Cancel the ${symbol} ${side} trigger`}
          onClick={() => void cancel()}
        >
          Cancel
        </button>
      </div>
      <p>{describeTrigger(trigger)}</p>
      {price !== null && quote !== undefined && (
        <p class="small quiet">
          {symbol} is at {formatMoney(quote.price)} now,{' '}
          {formatMoney(Math.abs(quote.price - price))} away.
        </p>
      )}
    </li>
  );
}

function Ended({
  triggers,
}: {
  readonly triggers: readonly EndedTrigger[] | undefined;
}): JSX.Element {
  return (
    <Card title="Past triggers">
      {triggers === undefined ? (
        <Empty title="Loading …" />
      ) : triggers.length === 0 ? (
        <Empty title="None fired or cancelled yet." />
      ) : (
        <ul class="items">
          {triggers.map((ended) => (
            <li class="item" key={`${ended.number} ${ended.at} ${ended.state}`}>
              <div class="row apart">
                <span class="row">
                  <span class="strong">{ended.symbol}</span>
                  <SideBadge side={ended.side} />
                  {ended.state === 'fired' ? (
                    <span class="badge info">
                      <Icon name="check" />
                      Fired
                    </span>
                  ) : (
                    <span class="badge">Cancelled</span>
                  )}
                </span>
                <span class="small quiet">
                  <When at={ended.at} />
                </span>
              </div>
              <p>{describeEnded(ended)}</p>
              <p class="small quiet">Transaction {formatCount(ended.number)}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
