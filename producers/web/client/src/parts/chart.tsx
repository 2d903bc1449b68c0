/** A line chart over time with a description in words, and optionally a line to drag. */
import { useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { beyondScale, chartScale } from '../pure/chart-scale.ts';
import { formatMoney } from '../pure/money.ts';
import type { Point } from '../pure/resample.ts';
import { indexAt, markTrades, type Trade } from '../pure/trades.ts';
import { useApp } from '../state/app-context.ts';
import type { ChartCanvas, ChartEvents, ChartLine, Drawing } from './chart-canvas.ts';
import { Crosshair, CrosshairReading, followTouch } from './crosshair.tsx';
import { DragLine, type Draggable } from './drag-line.tsx';
import { LoadAnew } from './load-anew.tsx';

type ChartProps = {
  readonly title: string;
  readonly points: readonly Point[];
  readonly lines?: readonly ChartLine[];
  readonly draggable?: Draggable | undefined;
  readonly isLow?: boolean;
  /** The user's own trades, to be marked. */
  readonly trades?: readonly Trade[];
  /** An instant to be marked. */
  readonly moment?: number | undefined;
  /** Called with the time of a point that the user chooses, by a click or Enter. */
  readonly onChoose?: (at: number) => void;
};

export function Chart(props: ChartProps): JSX.Element {
  const { title, points, lines = [], draggable, isLow, trades = [], moment, onChoose } = props;
  const host = useRef<HTMLDivElement>(null);
  const pointed = useSignal<number | undefined>(undefined);
  const { canvas, isMissing } = useCanvas(host, {
    onPointed: (at) => (pointed.value = at),
    onClicked: (at) => onChoose?.(at),
  });
  const marks = markTrades(points, trades);
  const marked = moment === undefined ? undefined : indexAt(points, moment);
  const isDragged = useSignal(false);
  const drawn = useDrawing(canvas, useSize(host), {
    points,
    lines,
    kind: trendOf(points),
    marks,
    moment: marked === undefined ? undefined : points[marked]?.at,
    isScaleFixed: isDragged.value,
    inView: draggable === undefined ? [] : [draggable.price],
  });

  return (
    <div>
      <div class={`chart ${isLow === true ? 'low' : ''}`}>
        <div
          class="chart-canvas"
          ref={host}
          role="img"
          aria-label={describe(title, points)}
          onPointerDown={(event) => followTouch(event, canvas, { points, pointed })}
          onPointerMove={(event) => followTouch(event, canvas, { points, pointed })}
        />
        {isMissing && <LoadAnew what="The chart" />}
        {canvas !== undefined && (
          <Crosshair {...{ title, canvas, points, marks, moment, pointed, onChoose, drawn }} />
        )}
        {draggable !== undefined && canvas !== undefined && drawn > 0 && (
          <DragLine
            canvas={canvas}
            draggable={draggable}
            onDrag={(dragged) => (isDragged.value = dragged)}
          />
        )}
      </div>
      <CrosshairReading points={points} marks={marks} pointed={pointed} />
      <LinesBeyond points={points} lines={lines} />
      <Attribution />
    </div>
  );
}

/** Draws again when anything changes. Returns how often the chart has got a new layout. */
function useDrawing(canvas: ChartCanvas | undefined, size: string, drawing: Drawing): number {
  const theme = useApp().store.preferences.theme.value;
  const drawn = useSignal(0);
  const { points, ...rest } = drawing;
  useEffect(() => {
    canvas?.draw(drawing);
    // The chart computes its layout in the next frame, and only then knows the heights of prices.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => (drawn.value += 1)));
    return () => cancelAnimationFrame(frame);
  }, [canvas, points, JSON.stringify(rest), size, theme]);
  return drawn.value;
}

type LinesBeyondProps = Required<Pick<ChartProps, 'points' | 'lines'>>;

/** Names the lines that are too far from the prices to be on the chart. */
function LinesBeyond({ points, lines }: LinesBeyondProps): JSX.Element | null {
  const prices = lines.map(({ price }) => price);
  const scale = chartScale(
    points.map(({ value }) => value),
    prices,
  );
  const beyond = lines.flatMap(({ price, text }) => {
    const where = beyondScale(price, scale);
    return where === undefined ? [] : [`${text} at ${formatMoney(price)} (${where})`];
  });
  return beyond.length === 0 ? null : (
    <p class="small quiet">Beyond the chart: {beyond.join(', ')}.</p>
  );
}

type HostRef = RefObject<HTMLDivElement | null>;
type LoadedCanvas = { readonly canvas: ChartCanvas | undefined; readonly isMissing: boolean };

/** Loads the charting library, which is a file of its own, and opens a canvas in the element. */
function useCanvas(host: HostRef, events: ChartEvents): LoadedCanvas {
  const latest = useRef(events);
  latest.current = events;
  const canvas = useSignal<ChartCanvas | undefined>(undefined);
  const isMissing = useSignal(false);
  useEffect(() => {
    let isWanted = true;
    import('./chart-canvas.ts').then(
      ({ ChartCanvas }) => {
        if (!isWanted || host.current === null) return;
        canvas.value = new ChartCanvas(host.current, {
          onPointed: (at) => latest.current.onPointed(at),
          onClicked: (at) => latest.current.onClicked(at),
        });
      },
      // The network is down, or the server was updated and has other files now.
      () => (isMissing.value = true),
    );
    return () => {
      isWanted = false;
      canvas.value?.close();
    };
  }, []);
  return { canvas: canvas.value, isMissing: isMissing.value };
}

/** Returns the size of an element as a text that changes with it. */
function useSize(element: HostRef): string {
  const size = useSignal('');
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      size.value = `${width} ${height}`;
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size.value;
}

function trendOf(points: readonly Point[]): 'up' | 'down' | 'accent' {
  const change = (points.at(-1)?.value ?? 0) - (points[0]?.value ?? 0);
  return change > 0 ? 'up' : change < 0 ? 'down' : 'accent';
}

function describe(title: string, points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${title}: nothing to show yet.`;
  const values = points.map(({ value }) => value);
  const money = (cents: number): string => formatMoney(cents);
  return (
    `${title}: from ${money(first.value)} to ${money(last.value)}, ` +
    `lowest ${money(Math.min(...values))}, highest ${money(Math.max(...values))}.`
  );
}

/** The attribution that the licence of the chart library requires beside charts. */
const Attribution = (): JSX.Element => (
  <p class="attribution">
    Charts by{' '}
    <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
      TradingView Lightweight Charts™
    </a>
  </p>
);
