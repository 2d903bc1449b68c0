/** The portfolio page: cash and positions, their value, and their profit or loss. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { Range, ValueHistory } from '../../../../../shared/web-api/quote.ts';
import { AddFunds } from '../parts/add-funds.tsx';
import { Card } from '../parts/card.tsx';
import { Chart } from '../parts/chart.tsx';
import { Choice } from '../parts/choice.tsx';
import { Change, Money } from '../parts/money.tsx';
import { Loading } from '../parts/loading.tsx';
import { PendingOrders } from '../parts/pending-orders.tsx';
import { PositionsTable } from '../parts/positions-table.tsx';
import { ProfitTerms } from '../parts/profit-terms.tsx';
import { RANGE_CHOICES } from '../pure/resample.ts';
import { valuePoints } from '../pure/value-points.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

export function PortfolioPage(): JSX.Element {
  const { store } = useApp();
  const portfolio = store.portfolio.value;
  return (
    <Page title="Portfolio">
      {portfolio === undefined ? (
        <p class="quiet">Loading …</p>
      ) : (
        <div class="stack">
          <div class="columns with-side side-last">
            <Worth portfolio={portfolio} />
            <div class="stack">
              <PendingOrders />
              <Cash portfolio={portfolio} />
              <AddFunds />
            </div>
          </div>
          <PositionsTable portfolio={portfolio} />
          <ProfitTerms dayStartedAt={portfolio.dayStartedAt} />
        </div>
      )}
    </Page>
  );
}

/** Ten million dollars, which do not fit on a phone in the largest letters. */
const LONG_FROM = 1_000_000_000;

function Worth({ portfolio }: { readonly portfolio: PortfolioView }): JSX.Element {
  const { value, deposited, realised, unrealised, profit, dayProfit } = portfolio;
  const changes = [
    ['P/L today', dayProfit, value - dayProfit],
    ['Unrealised', unrealised, undefined],
    ['Realised', realised, undefined],
    ['P/L total', profit, deposited],
  ] as const;
  return (
    <Card>
      <div class="stack">
        <div class="worth">
          <div>
            <h2 class="label">Total value</h2>
            <p class={`quote-price ${value >= LONG_FROM ? 'long' : ''}`}>
              <Money cents={value} />
            </p>
          </div>
          <dl class="worth-changes">
            {changes.map(([term, cents, before]) => (
              <div key={term}>
                <dt class="label">{term}</dt>
                <dd>
                  <Change cents={cents} before={before} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <WorthOverTime />
      </div>
    </Card>
  );
}

/** How often the chart advances while the value does not change. */
const REDRAW_MS = 5_000;

function WorthOverTime(): JSX.Element {
  const { store } = useApp();
  const range = useSignal<Range>('1d');
  const entries = store.entriesReceived.value;
  const loaded = useLoaded<ValueHistory>('/value-history', { range: range.value }, entries);
  const { value: history } = loaded;
  const value = store.portfolio.value?.value ?? 0;
  const at = Math.floor(store.now.value / REDRAW_MS) * REDRAW_MS;
  const points = useMemo(
    () => (history === undefined ? [] : valuePoints(history, { at, value })),
    [history, at, value],
  );
  return (
    <>
      <Choice
        label="Range"
        small
        options={RANGE_CHOICES.filter(({ value }) => !['1m', '5m'].includes(value))}
        value={range.value}
        onChoose={(chosen) => (range.value = chosen)}
      />
      {points.length === 0 ? (
        <div class="chart low blank">
          {history === undefined ? (
            <Loading of={loaded} />
          ) : (
            <p class="quiet">Your value over time shows here once you have one.</p>
          )}
        </div>
      ) : (
        <Chart title="Total value" points={points} isLow />
      )}
    </>
  );
}

function Cash({ portfolio }: { readonly portfolio: PortfolioView }): JSX.Element {
  const rows = [
    ['Cash', portfolio.balance, 'All that is not in shares or reserved'],
    ['Held', portfolio.held, 'Of your cash, for buys to confirm'],
    ['Available', portfolio.available, 'Cash less what is held'],
    ['Reserved', portfolio.reserved, 'By buy triggers, out of your cash'],
  ] as const;
  return (
    <Card title="Your cash">
      <dl class="facts">
        {rows.map(([term, cents, meaning]) => (
          <div key={term}>
            <dt>
              {term}
              <span class="facts-note">{meaning}</span>
            </dt>
            <dd>
              <Money cents={cents} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
