/** The triggers page, where triggers are set and listed. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { EndedTrigger, Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Icon } from '../parts/icon.tsx';
import { RefreshPrices } from '../parts/refresh-prices.tsx';
import { SymbolSearch } from '../parts/symbol-search.tsx';
import { SideBadge } from '../parts/trigger-badges.tsx';
import { TriggerForm } from '../parts/trigger-form.tsx';
import { TriggerItem } from '../parts/trigger-item.tsx';
import { When } from '../parts/when.tsx';
import { describeEnded } from '../pure/describe-trigger.ts';
import { formatCount } from '../pure/money.ts';
import { byDistance } from '../pure/trigger-distance.ts';
import { useApp } from '../state/app-context.ts';
import { Page } from './page.tsx';

export function TriggersPage({ symbol }: { readonly symbol: string | undefined }): JSX.Element {
  const { store, router } = useApp();
  const portfolio = store.portfolio.value;
  const side = router.search.value === '?side=sell' ? 'sell' : 'buy';
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
          <TriggerForm key={`${symbol} ${side}`} symbol={symbol} start={side} />
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
  const { store, actions } = useApp();
  const symbols = [...new Set(triggers?.map(({ symbol }) => symbol))];
  useEffect(() => void actions.loadQuotes(symbols), [symbols.join()]);
  return (
    <Card
      title="Active triggers"
      action={symbols.length > 0 && <RefreshPrices symbols={symbols} />}
    >
      {triggers === undefined ? (
        <Empty title="Loading …" />
      ) : triggers.length === 0 ? (
        <Empty title="No active triggers." />
      ) : (
        <ul class="items">
          {byDistance(triggers, (symbol) => store.quotes.value.get(symbol)?.price).map(
            (trigger) => (
              <TriggerItem key={`${trigger.symbol}${trigger.side}`} trigger={trigger} hasSymbol />
            ),
          )}
        </ul>
      )}
    </Card>
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
