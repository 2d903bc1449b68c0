/** The script of a page that a command writes: draws the charts over time, in the colours of the page. */
import {
  AreaSeries,
  ColorType,
  createOptionsChart,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  type IChartApiBase,
  type ISeriesApi,
  type SeriesType,
} from 'lightweight-charts';
import {
  TIMELINE_CLASS,
  TIMELINE_TYPE,
  type Timeline,
  type TimelineSeries,
} from '../../../../../shared/web-api/timeline.ts';

type Drawn = {
  readonly series: ISeriesApi<SeriesType, number>;
  readonly of: TimelineSeries;
  /** The place of its value in the legend. */
  readonly value: HTMLElement;
};

const SHAPES = { area: AreaSeries, line: LineSeries, columns: HistogramSeries };

const colourNamed = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const seriesColour = ({ colour }: TimelineSeries): string => colourNamed(`series-${colour}`);

/** Shows as many digits as a reader compares. */
const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

const element = (name: string, kind: string, parent: Element): HTMLElement => {
  const made = document.createElement(name);
  made.className = kind;
  parent.append(made);
  return made;
};

function drawTimeline(figure: Element): void {
  const data = figure.querySelector(`script[type="${TIMELINE_TYPE}"]`)?.textContent;
  if (data === undefined) return;
  const timeline = JSON.parse(data) as Timeline;
  const legend = element('p', 'legend', figure);
  const chart = openChart(element('div', 'canvas', figure), timeline);
  const drawn = timeline.series.map((of) => ({
    of,
    series: addSeries(chart, of),
    value: legendEntry(legend, of),
  }));
  chart.timeScale().fitContent();
  paint(chart, drawn);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => paint(chart, drawn));
  chart.subscribeCrosshairMove(({ seriesData }) => {
    for (const { series, value } of drawn) {
      const point = seriesData.get(series);
      const isValue = point !== undefined && 'value' in point;
      value.textContent = isValue ? ` ${shown(point.value)} ${timeline.unit}` : '';
    }
  });
}

function openChart(host: HTMLElement, { unit, series }: Timeline): IChartApiBase<number> {
  const last = Math.max(0, ...series.flatMap(({ points }) => points.map(([seconds]) => seconds)));
  return createOptionsChart(host, {
    autoSize: true,
    layout: { fontFamily: getComputedStyle(host).fontFamily, attributionLogo: true },
    // A finger on a chart scrolls the page.
    handleScroll: false,
    handleScale: false,
    crosshair: { mode: CrosshairMode.Magnet },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0 } },
    timeScale: { borderVisible: false, fixLeftEdge: true, fixRightEdge: true, minBarSpacing: 0.1 },
    localization: {
      precision: last < 20 ? 1 : 0,
      priceFormatter: (value: number) => `${shown(value)} ${unit}`,
    },
  });
}

function addSeries(
  chart: IChartApiBase<number>,
  { shape, points }: TimelineSeries,
): ISeriesApi<SeriesType, number> {
  const series = chart.addSeries(SHAPES[shape], {
    priceLineVisible: false,
    lastValueVisible: false,
    ...(shape !== 'columns' && { lineWidth: 2 as const }),
    // Every scale begins at 0, so that heights compare.
    autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: highest(points) } }),
  });
  series.setData(points.map(([time, value]) => (value === null ? { time } : { time, value })));
  return series;
}

const highest = (points: TimelineSeries['points']): number =>
  Math.max(1e-3, ...points.map(([, value]) => value ?? 0));

function legendEntry(legend: HTMLElement, of: TimelineSeries): HTMLElement {
  const entry = element('span', '', legend);
  entry.style.setProperty('--c', `var(--series-${of.colour})`);
  entry.textContent = of.name;
  return element('b', '', entry);
}

/** Gives the chart the colours of the page, which differ in dark mode. */
function paint(chart: IChartApiBase<number>, drawn: readonly Drawn[]): void {
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: colourNamed('surface') },
      textColor: colourNamed('ink-2'),
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colourNamed('line') } },
  });
  for (const { series, of } of drawn) {
    const colour = seriesColour(of);
    if (of.shape === 'area') {
      series.applyOptions({
        lineColor: colour,
        topColor: `${colour}66`,
        bottomColor: `${colour}1f`,
      });
    } else series.applyOptions({ color: colour });
  }
}

document.querySelectorAll(`.${TIMELINE_CLASS}`).forEach(drawTimeline);
