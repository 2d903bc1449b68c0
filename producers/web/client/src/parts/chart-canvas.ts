/** lightweight-charts, in this application's colours. Loaded only where a chart is shown. */
import {
  AreaSeries,
  ColorType,
  createChart,
  CrosshairMode,
  LastPriceAnimationMode,
  LineStyle,
  LineType,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { formatMoney } from '../pure/money.ts';
import type { Point } from '../pure/resample.ts';
import { formatInstant } from '../pure/time.ts';

export type ChartLine = {
  readonly price: number;
  readonly kind: 'up' | 'down' | 'accent' | 'ink-3';
  readonly text: string;
};

export type Drawing = {
  readonly points: readonly Point[];
  readonly lines: readonly ChartLine[];
  readonly kind: 'up' | 'down' | 'accent';
  /** Prices that the scale must reach, besides those of the points and lines. */
  readonly inView: readonly number[];
  /** While a line is dragged the scale must not run away under the hand. */
  readonly isScaleFixed: boolean;
};

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The series' prices are cents, so that no fraction is ever made of them. */
const asTime = (at: number): UTCTimestamp => (at / 1_000) as UTCTimestamp;
const asDate = (time: Time): Date => new Date(Number(time) * 1_000);

/** The scale's span is at least this part of what it shows. */
const SPAN_LEAST = 0.01;

export class ChartCanvas {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<'Area'>;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  #priceLines: readonly IPriceLine[] = [];
  #drawing: Drawing | undefined;
  #range: { readonly minValue: number; readonly maxValue: number } | undefined;

  constructor(host: HTMLElement) {
    this.#chart = createChart(host, {
      autoSize: true,
      // The mark's own style sheet is inline, which our policy refuses: the page links instead.
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
    this.#scheme.addEventListener('change', this.#paint);
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#series.setData(drawing.points.map(({ at, value }) => ({ time: asTime(at), value })));
    this.#paint();
    this.#chart.timeScale().fitContent();
  }

  /** Pixels from the top; undefined until something is drawn. */
  heightOf(price: number): number | undefined {
    return this.#series.priceToCoordinate(price) ?? undefined;
  }

  priceAt(height: number): number | undefined {
    return this.#series.coordinateToPrice(height) ?? undefined;
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

  /** The scale holds every line too: one that cannot be seen cannot be dragged. */
  #scale(): { priceRange: { minValue: number; maxValue: number } } | null {
    const drawing = this.#drawing;
    if (drawing === undefined || drawing.points.length === 0) return null;
    if (!drawing.isScaleFixed || this.#range === undefined) {
      const values = [
        ...drawing.points.map(({ value }) => value),
        ...drawing.lines.map(({ price }) => price),
        ...drawing.inView,
      ];
      const [low, high] = [Math.min(...values), Math.max(...values)];
      // A flat line lies in the middle, not on an edge, and a cent is no cliff.
      const margin = Math.max(0, Math.round((low * SPAN_LEAST - (high - low)) / 2));
      this.#range = { minValue: low - margin, maxValue: high + margin };
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
