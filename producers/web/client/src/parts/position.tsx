/** The user's shares of a stock, with their value and profit, and the triggers on it. */
import type { ComponentChildren, JSX } from 'preact';
import type { Holding, Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { formatMoney, formatShares } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Card, Empty } from './card.tsx';
import { Change } from './money.tsx';
import { PriceAge } from './price-age.tsx';
import { TriggerItem } from './trigger-item.tsx';

export function Position({ symbol }: { readonly symbol: string }): JSX.Element {
  const portfolio = useApp().store.portfolio.value;
  const holding = portfolio?.holdings.find((held) => held.symbol === symbol);
  const triggers = portfolio?.triggers.filter((trigger) => trigger.symbol === symbol) ?? [];
  return (
    <div class="columns halves">
      <Card title={`Your ${symbol}`}>
        {portfolio === undefined ? (
          <Empty title="Loading …" />
        ) : holding === undefined ? (
          <Empty title={`You own no ${symbol}.`} />
        ) : (
          <HoldingFacts holding={holding} />
        )}
      </Card>
      <Card
        title="Triggers"
        action={
          <a class="button compact" href={`/triggers/${symbol}`}>
            Set a trigger
          </a>
        }
      >
        {portfolio === undefined ? (
          <Empty title="Loading …" />
        ) : (
          <TriggerItems triggers={triggers} />
        )}
      </Card>
    </div>
  );
}

const HoldingFacts = ({ holding }: { readonly holding: Holding }): JSX.Element => {
  const { shares, averageCost, value, priceAt, dayProfit, unrealised, realised, cost } = holding;
  return (
    <dl class="facts">
      <Fact term="Shares">{formatShares(shares)}</Fact>
      <Fact term="Average cost">{formatMoney(averageCost)}</Fact>
      <Fact term="Value" note={priceAt === null ? undefined : <PriceAge at={priceAt} />}>
        {value === null ? '–' : formatMoney(value)}
      </Fact>
      <Fact term="P/L today">{dayProfit === null ? '–' : <Change cents={dayProfit} />}</Fact>
      <Fact term="Unrealised">
        {unrealised === null ? '–' : <Change cents={unrealised} before={cost} />}
      </Fact>
      <Fact term="Realised">
        <Change cents={realised} />
      </Fact>
    </dl>
  );
};

type FactProps = {
  readonly term: string;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
};

const Fact = ({ term, note, children }: FactProps): JSX.Element => (
  <div>
    <dt>
      {term}
      {note !== undefined && <span class="facts-note">{note}</span>}
    </dt>
    <dd>{children}</dd>
  </div>
);

const TriggerItems = ({ triggers }: { readonly triggers: readonly Trigger[] }): JSX.Element =>
  triggers.length === 0 ? (
    <Empty title="None on this stock.">
      A trigger buys low or sells high for you, while you are away.
    </Empty>
  ) : (
    <ul class="items">
      {triggers.map((trigger) => (
        <TriggerItem key={trigger.side} trigger={trigger} />
      ))}
    </ul>
  );
