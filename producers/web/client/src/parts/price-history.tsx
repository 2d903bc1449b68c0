/** The chart of a stock's price, up to the present price. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { History } from '../../../../../shared/web-api/history.ts';
import type { QuoteHistory, Range } from '../../../../../shared/web-api/quote.ts';
import { formatMoney } from '../pure/money.ts';
import {
  RANGE_CHOICES,
  rangeWith,
  resample,
  spanOf,
  withPoint,
  type Point,
} from '../pure/resample.ts';
import { indexAt, tradesOf, type Trade } from '../pure/trades.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import type { ChartLine } from './chart-canvas.ts';
import { Chart } from './chart.tsx';
import type { Draggable } from './drag-line.tsx';
import { Choice } from './choice.tsx';
import { Loading } from './loading.tsx';
import { Change } from './money.tsx';
import { When } from './when.tsx';

type PriceHistoryProps = {
  readonly symbol: string;
  readonly lines?: readonly ChartLine[];
  readonly draggable?: Draggable | undefined;
  /** An instant that the chart begins by showing, and marks. */
  readonly moment?: number | undefined;
};

/** How often the chart advances while the price does not change. */
const REDRAW_MS = 5_000;

export function PriceHistory(props: PriceHistoryProps): JSX.Element {
  const { symbol, lines, draggable, moment } = props;
  const { store } = useApp();
  const range = useRange(moment);
  const loaded = useLoaded<QuoteHistory>(
    `/quotes/${symbol}/history`,
    { range: range.value },
    store.quotes.value.get(symbol)?.receivedAt,
  );
  const trades = useTrades(symbol);
  const upTo = Math.floor(store.now.value / REDRAW_MS) * REDRAW_MS;
  const points = usePoints(symbol, loaded.value, upTo);
  return (
    <div class="stack tight">
      <div class="row apart">
        <Choice
          label="Range"
          small
          options={RANGE_CHOICES}
          value={range.value}
          onChoose={(chosen) => (range.value = chosen)}
        />
        <ChangeInRange points={points} range={range.value} />
      </div>
      {points.length === 0 ? (
        <div class="chart blank">
          {loaded.value === undefined ? (
            <Loading of={loaded} />
          ) : (
            <p class="quiet">No prices in this time yet.</p>
          )}
        </div>
      ) : (
        <Chart
          title={`Price of ${symbol}`}
          points={points}
          {...(lines !== undefined && { lines })}
          {...{ draggable, trades, moment }}
        />
      )}
      {moment !== undefined && <MarkedMoment at={moment} points={points} />}
      <DayRange day={loaded.value?.day ?? null} />
    </div>
  );
}

/** Starts with a range that contains the moment, whenever a link brings one. */
function useRange(moment: number | undefined): Signal<Range> {
  const { store } = useApp();
  const initial = moment === undefined ? '1h' : rangeWith(moment, store.now.peek());
  const range = useSignal<Range>(initial);
  useEffect(() => {
    if (moment !== undefined) range.value = initial;
  }, [moment]);
  return range;
}

const TRADES_MAX = 200;

/** Loads the user's latest trades of the stock, again after every new entry. */
function useTrades(symbol: string): readonly Trade[] {
  const { store } = useApp();
  const query = { of: 'ledger', symbol, limit: TRADES_MAX };
  const again = `${store.entriesReceived.value} ${store.serverPortfolio.value?.version ?? ''}`;
  return tradesOf(useLoaded<History>('/history', query, again).value?.items ?? []);
}

type ChangeInRangeProps = { readonly points: readonly Point[]; readonly range: Range };

function ChangeInRange({ points, range }: ChangeInRangeProps): JSX.Element | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <span class="small">
      <Change cents={last.value - first.value} before={first.value} />{' '}
      <span class="quiet">{wordsOf(range)}</span>
    </span>
  );
}

type MarkedMomentProps = { readonly at: number; readonly points: readonly Point[] };

const MarkedMoment = ({ at, points }: MarkedMomentProps): JSX.Element => (
  <p class="small">
    <span class="moment-mark" aria-hidden="true">
      ●
    </span>{' '}
    From your history: <When at={at} />
    {points.length > 0 && indexAt(points, at) === undefined && ', before this range'}.{' '}
    <a href={location.pathname}>Remove the mark</a>
  </p>
);

const DayRange = ({ day }: Pick<QuoteHistory, 'day'>): JSX.Element | null =>
  day && (
    <p class="small quiet">
      Today (UTC): low {formatMoney(day.low)}, high {formatMoney(day.high)}.
    </p>
  );

const wordsOf = (range: Range): string =>
  RANGE_CHOICES.find(({ value }) => value === range)?.words ?? '';

/** Returns the same array until something changes, so that the chart is drawn only when needed. */
function usePoints(
  symbol: string,
  history: QuoteHistory | undefined,
  moment: number,
): readonly Point[] {
  const { store } = useApp();
  const quote = store.quotes.value.get(symbol);
  const made = useSignal<{ readonly of: string; readonly points: readonly Point[] }>(NOTHING_MADE);
  const of = `${symbol} ${history?.range ?? ''} ${history?.to ?? 0} ${quote?.receivedAt ?? 0} ${moment}`;
  const before = made.peek();
  if (before.of === of) return before.points;
  const points = history === undefined ? [] : pointsOf(history, moment, quote);
  made.value = { of, points };
  return points;
}

const NOTHING_MADE = { of: '', points: [] };

function pointsOf(
  history: QuoteHistory,
  now: number,
  quote: { readonly receivedAt: number; readonly price: number } | undefined,
): readonly Point[] {
  const points = history.points.map(({ at, price }) => ({ at, value: price }));
  const known =
    quote === undefined ? points : withPoint(points, { at: quote.receivedAt, value: quote.price });
  // Shows a price at once that is later than `now`, which advances in steps.
  const upTo = Math.max(now, known.at(-1)?.at ?? 0);
  return resample(known, spanOf(history.range, known, upTo));
}
