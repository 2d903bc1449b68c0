/** A small chart of figures over time. All plots of a page share the moment that is looked at. */
import type { Signal } from '@preact/signals';
import type { ComponentChildren, JSX, TargetedPointerEvent } from 'preact';
import { sampleAt } from '../pure/figure-history.ts';
import type { ChartSpec } from '../pure/figure-charts.ts';
import type { DrawnLine } from '../pure/figure-lines.ts';
import {
  areaPath,
  highestOf,
  linePath,
  PLOT_HEIGHT,
  PLOT_WIDTH,
  scaleTop,
  stacked,
  xOf,
  type PlotSpan,
} from '../pure/plot.ts';
import { formatClock, formatTime } from '../pure/time.ts';

export type PlotMark = { readonly at: number; readonly kind: string };

export type PlotTime = {
  readonly at: readonly number[];
  readonly span: PlotSpan;
  readonly marks: readonly PlotMark[];
  /** The instant that is looked at; undefined for the latest sample. */
  readonly moment: Signal<number | undefined>;
};

type PlotProps = {
  readonly spec: ChartSpec;
  readonly lines: readonly DrawnLine[];
  readonly time: PlotTime;
};

/** The times of a shorter span have seconds. */
const SECONDS_BELOW_MS = 600_000;

export function Plot({ spec, lines, time }: PlotProps): JSX.Element {
  const { at, span } = time;
  const curves = lines.map(({ values }) => values);
  const layers = spec.kind === 'stack' ? stacked(curves) : undefined;
  const top = scaleTop(highestOf(layers ?? curves), spec.least);
  const axes = { at, span, top };
  const instant = span.to - span.from < SECONDS_BELOW_MS ? formatClock : formatTime;
  return (
    <>
      <PlotArea time={time}>
        <Grid />
        {layers !== undefined
          ? layers
              .map((upper, index, all) => (
                <path
                  key={lines[index]?.label}
                  class={`plot-fill ${colourOf(lines[index])}`}
                  d={areaPath(upper, all[index - 1] ?? [], axes)}
                />
              ))
              .reverse()
          : lines.map((line) => (
              <path
                key={line.label}
                class={`plot-line ${colourOf(line)}`}
                d={linePath(line.values, axes)}
              />
            ))}
        <Marks time={time} />
        <MomentLine time={time} />
      </PlotArea>
      <div class="plot-scale" aria-hidden="true">
        <span>{spec.format(top)}</span>
        <span>{spec.format(top / 2)}</span>
      </div>
      <div class="plot-times" aria-hidden="true">
        {[0, 0.5, 1].map((part) => (
          <span key={part}>{instant(span.from + part * (span.to - span.from))}</span>
        ))}
      </div>
      <Legend spec={spec} lines={lines} time={time} />
    </>
  );
}

const colourOf = (line: DrawnLine | undefined): string =>
  `tone-${line?.tone ?? 1} shade-${line?.shade ?? 1}`;

type PlotAreaProps = { readonly time: PlotTime; readonly children: ComponentChildren };

/** A pointer over the plot looks at its moment. */
function PlotArea({ time: { moment, span }, children }: PlotAreaProps): JSX.Element {
  const look = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    moment.value = span.from + ((event.clientX - left) / width) * (span.to - span.from);
  };
  return (
    <div
      class="plot-area"
      aria-hidden="true"
      onPointerMove={look}
      onPointerDown={look}
      onPointerLeave={() => (moment.value = undefined)}
    >
      <svg viewBox={`0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`} preserveAspectRatio="none">
        {children}
      </svg>
    </div>
  );
}

const Grid = (): JSX.Element => (
  <path class="plot-grid" d={`M0 0H${PLOT_WIDTH}M0 ${PLOT_HEIGHT / 2}H${PLOT_WIDTH}`} />
);

const Marks = ({ time: { marks, span } }: { readonly time: PlotTime }): JSX.Element => (
  <>
    {marks.map(({ at, kind }, index) => (
      <path key={index} class={`plot-mark ${kind}`} d={`M${xOf(at, span)} 0V${PLOT_HEIGHT}`} />
    ))}
  </>
);

function MomentLine({ time: { at, span, moment } }: { readonly time: PlotTime }): JSX.Element {
  if (moment.value === undefined) return <></>;
  const x = xOf(at[sampleAt(at, moment.value)] ?? span.to, span);
  return <path class="plot-moment" d={`M${x} 0V${PLOT_HEIGHT}`} />;
}

/** The values at the moment that is looked at, and for screen readers the highest ones. */
function Legend({ spec, lines, time: { at, moment } }: PlotProps): JSX.Element {
  const index = sampleAt(at, moment.value);
  const format = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : spec.format(value);
  if (lines.length === 0) return <p class="small quiet plot-legend">None in this time.</p>;
  return (
    <dl class="plot-legend">
      {lines.map((line) => (
        <div key={line.label}>
          <dt>
            <span class={`swatch ${colourOf(line)}`} aria-hidden="true" />
            {line.label}
          </dt>
          <dd class="number">
            {format(line.values[index])}
            <span class="unseen">
              , at most {spec.format(highestOf([line.values]))} in this time
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
