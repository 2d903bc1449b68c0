/** What everything is or was worth: the total, its changes, and the chart over time, which opens past moments. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { Range, ValueHistory } from '../../../../../shared/web-api/quote.ts';
import { dayLabel, momentToOpen, portfolioPath } from '../pure/past-moment.ts';
import { RANGE_CHOICES, rangeWith } from '../pure/resample.ts';
import { instantShown, valuePoints } from '../pure/value-points.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card } from './card.tsx';
import { Chart } from './chart.tsx';
import { Choice } from './choice.tsx';
import { Loading } from './loading.tsx';
import { Change, Money } from './money.tsx';

/** Ten million dollars, which do not fit on a phone in the largest letters. */
const LONG_FROM = 1_000_000_000;

type WorthProps = {
  readonly portfolio: PortfolioView;
  /** The past instant that is shown; undefined for the present. */
  readonly moment: number | undefined;
};

export function Worth({ portfolio, moment }: WorthProps): JSX.Element {
  const { value, deposited, realised, unrealised, profit, dayProfit } = portfolio;
  const changes = [
    [dayLabel(moment !== undefined), dayProfit, value - dayProfit],
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
        <WorthOverTime moment={moment} />
      </div>
    </Card>
  );
}

/** How often the chart advances while the value does not change. */
const REDRAW_MS = 5_000;

function WorthOverTime({ moment }: Pick<WorthProps, 'moment'>): JSX.Element {
  const { store, router } = useApp();
  const range = useSignal<Range>(moment === undefined ? '1d' : rangeWith(moment, store.now.peek()));
  const entries = store.entriesReceived.value;
  const loaded = useLoaded<ValueHistory>('/value-history', { range: range.value }, entries);
  const { value: history } = loaded;
  const value = store.portfolio.value?.value ?? 0;
  const at = Math.floor(store.now.value / REDRAW_MS) * REDRAW_MS;
  const points = useMemo(
    () => (history === undefined ? [] : valuePoints(history, { at, value })),
    [history, at, value],
  );
  const choose = (chosen: number): void => {
    const instant = history === undefined ? chosen : instantShown(history, chosen);
    router.go(portfolioPath(momentToOpen(instant, store.now.peek())));
  };
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
        <>
          <Chart title="Total value" points={points} isLow moment={moment} onChoose={choose} />
          <p class="small quiet">
            To see your portfolio as it was on a day, click the chart there, or use the arrow keys
            and Enter.
          </p>
        </>
      )}
    </>
  );
}
