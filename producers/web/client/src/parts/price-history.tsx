/** The chart of a stock's price, up to the present price. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { QuoteHistory, Range } from '../../../../../shared/web-api/quote.ts';
import { RANGE_CHOICES, resample, spanOf, withPoint, type Point } from '../pure/resample.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import type { ChartLine } from './chart-canvas.ts';
import { Chart } from './chart.tsx';
import type { Draggable } from './drag-line.tsx';
import { Choice } from './choice.tsx';
import { Loading } from './loading.tsx';
import { Change } from './money.tsx';

type PriceHistoryProps = {
  readonly symbol: string;
  readonly lines?: readonly ChartLine[];
  readonly draggable?: Draggable | undefined;
};

/** How often the chart advances while the price does not change. */
const REDRAW_MS = 5_000;

export function PriceHistory({ symbol, lines, draggable }: PriceHistoryProps): JSX.Element {
  const { store } = useApp();
  const range = useSignal<Range>('1h');
  const loaded = useLoaded<QuoteHistory>(`/quotes/${symbol}/history`, { range: range.value });
  const moment = Math.floor(store.now.value / REDRAW_MS) * REDRAW_MS;
  const points = usePoints(symbol, loaded.value, moment);
  const [first, last] = [points[0], points.at(-1)];
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
        {first !== undefined && last !== undefined && (
          <span class="small">
            <Change cents={last.value - first.value} before={first.value} />{' '}
            <span class="quiet">{wordsOf(range.value)}</span>
          </span>
        )}
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
          draggable={draggable}
        />
      )}
    </div>
  );
}

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
