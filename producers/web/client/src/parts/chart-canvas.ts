/** Wraps lightweight-charts in this application's colours. Loaded only with the first chart. */
import {
  AreaSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  LastPriceAnimationMode,
  LineStyle,
  LineType,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { chartScale, type Scale } from '../pure/chart-scale.ts';
import { formatMoney } from '../pure/money.ts';
import type { Point } from '../pure/resample.ts';
import { formatInstant } from '../pure/time.ts';
import type { MarkedPoint } from '../pure/trades.ts';

export type ChartLine = {
  readonly price: number;
  readonly kind: 'up' | 'down' | 'accent' | 'ink-3';
  readonly text: string;
};

export type Drawing = {
  readonly points: readonly Point[];
  readonly lines: readonly ChartLine[];
  readonly kind: 'up' | 'down' | 'accent';
  /** The points at which the user traded. */
  readonly marks: readonly MarkedPoint[];
  /** The time of a point to mark. */
  readonly moment: number | undefined;
  /** Further prices that the scale should include. */
  readonly inView: readonly number[];
  /** Keeps the scale while a line is dragged, so that it does not move under the pointer. */
  readonly isScaleFixed: boolean;
};

export type ChartEvents = {
  /** Gets the time of the point under the pointer; undefined when it leaves. */
  readonly onPointed: (at: number | undefined) => void;
  /** Gets the time of a point that was clicked. */
  readonly onClicked: (at: number) => void;
};

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const asTime = (at: number): UTCTimestamp => (at / 1_000) as UTCTimestamp;
const asDate = (time: Time): Date => new Date(Number(time) * 1_000);

/** Half the height of a line that can be dragged. */
const EDGE_PX = 18;

export class ChartCanvas {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<'Area'>;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  #priceLines: readonly IPriceLine[] = [];
  #drawing: Drawing | undefined;
  #range: Scale | undefined;

  constructor(host: HTMLElement, { onPointed, onClicked }: ChartEvents) {
    this.#chart = createChart(host, {
      autoSize: true,
      // The logo needs an inline style sheet, which the security policy refuses; see `Attribution`.
      layout: { attributionLogo: false, fontFamily: getComputedStyle(host).fontFamily },
      handleScroll: false,
      handleScale: false,
      crosshair: { mode: CrosshairMode.Magnet },
      rightPriceScale: {
        borderVisible: false,
        entireTextOnly: true,
        scaleMargins: { top: 0.12, bottom: 0.12 },
      },
      timeScale: {
        borderVisible: false,
        secondsVisible: false,
        timeVisible: true,
        fixLeftEdge: true,
        fixRightEdge: true,
        tickMarkMaxCharacterLength: 11,
        tickMarkFormatter: (time: Time) => this.#tick(asDate(time)),
      },
      localization: {
        priceFormatter: (cents: number) => formatMoney(Math.round(cents)),
        timeFormatter: (time: Time) => formatInstant(Number(time) * 1_000),
      },
    });
    this.#series = this.#chart.addSeries(AreaSeries, {
      lineWidth: 2,
      lineType: LineType.WithSteps,
      priceFormat: {
        type: 'custom',
        minMove: 1,
        formatter: (c: number) => formatMoney(Math.round(c)),
      },
      lastPriceAnimation: LastPriceAnimationMode.Disabled,
      autoscaleInfoProvider: () => this.#scale(),
    });
    this.#markers = createSeriesMarkers<Time>(this.#series, [], { autoScale: false });
    this.#chart.subscribeCrosshairMove(({ time, sourceEvent }) => {
      if (time === undefined) onPointed(undefined);
      // Without an event, the chart was laid out anew under a crosshair that `pointAt` has put there.
      else if (sourceEvent !== undefined) onPointed(asDate(time).getTime());
    });
    this.#chart.subscribeClick(({ time }) => {
      if (time !== undefined) onClicked(asDate(time).getTime());
    });
    this.#scheme.addEventListener('change', this.#paint);
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#series.setData(drawing.points.map(({ at, value }) => ({ time: asTime(at), value })));
    this.#paint();
    this.#chart.timeScale().fitContent();
  }

  /**
   * Returns the distance of a price from the top in pixels, which is that of an edge for a price beyond the chart;
   * undefined until something is drawn.
   */
  heightOf(price: number): number | undefined {
    const height = this.#series.priceToCoordinate(price);
    if (height === null) return undefined;
    return Math.min(Math.max(height, EDGE_PX), this.#chart.paneSize().height - EDGE_PX);
  }

  priceAt(height: number): number | undefined {
    return this.#series.coordinateToPrice(height) ?? undefined;
  }

  /** Returns the time of the point at a distance from the left in pixels. */
  timeAt(left: number): number | undefined {
    const time = this.#chart.timeScale().coordinateToTime(left);
    return time === null ? undefined : asDate(time).getTime();
  }

  /** Puts the crosshair on a point, or takes it away. */
  pointAt(point: Point | undefined): void {
    if (point === undefined) this.#chart.clearCrosshairPosition();
    else this.#chart.setCrosshairPosition(point.value, asTime(point.at), this.#series);
  }

  close(): void {
    this.#scheme.removeEventListener('change', this.#paint);
    this.#chart.remove();
  }

  readonly #paint = (): void => {
    const drawing = this.#drawing;
    if (drawing === undefined) return;
    const line = colour(drawing.kind);
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: colour('surface') },
        textColor: colour('ink-3'),
      },
      grid: { vertLines: { visible: false }, horzLines: { color: colour('line') } },
    });
    this.#series.applyOptions({ lineColor: line, topColor: `${line}38`, bottomColor: `${line}00` });
    this.#markers.setMarkers(markersOf(drawing));
    for (const shown of this.#priceLines) this.#series.removePriceLine(shown);
    this.#priceLines = drawing.lines.map(({ price, kind, text }) =>
      this.#series.createPriceLine({
        price,
        title: text,
        color: colour(kind),
        axisLabelTextColor: colour('surface'),
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
      }),
    );
  };

  #scale(): { priceRange: Scale } | null {
    const drawing = this.#drawing;
    if (drawing === undefined || drawing.points.length === 0) return null;
    if (!drawing.isScaleFixed || this.#range === undefined) {
      this.#range = chartScale(
        drawing.points.map(({ value }) => value),
        [...drawing.lines.map(({ price }) => price), ...drawing.inView],
      );
    }
    return { priceRange: { ...this.#range } };
  }

  #tick(date: Date): string {
    const points = this.#drawing?.points ?? [];
    const spanMs = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
    if (spanMs > 2 * 86_400_000) {
      return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    }
    const seconds = spanMs <= 300_000 ? { second: '2-digit' as const } : {};
    return date.toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...seconds,
    });
  }
}

/** Arrows for buys below the line and for sales above it, and a circle for the marked moment. */
function markersOf({ marks, moment }: Drawing): SeriesMarker<Time>[] {
  const arrows = marks.flatMap(({ at, trades }): SeriesMarker<Time>[] => {
    const time = asTime(at);
    const hasBuy = trades.some(({ isBuy }) => isBuy);
    const hasSale = trades.some(({ isBuy }) => !isBuy);
    return [
      ...(hasBuy ? [{ time, position: 'belowBar', shape: 'arrowUp', color: colour('up') }] : []),
      ...(hasSale
        ? [{ time, position: 'aboveBar', shape: 'arrowDown', color: colour('down') }]
        : []),
    ] as SeriesMarker<Time>[];
  });
  if (moment === undefined) return arrows;
  const circle = { position: 'inBar', shape: 'circle', color: colour('accent') } as const;
  return [...arrows, { ...circle, time: asTime(moment) }].sort(
    (one, other) => Number(one.time) - Number(other.time),
  );
}
