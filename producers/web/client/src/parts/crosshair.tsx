/** The crosshair of a chart: what it points at, and how the arrow keys and touch move it. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Point } from '../pure/resample.ts';
import { countTrades, describePoint, indexAt, type MarkedPoint } from '../pure/trades.ts';
import type { ChartCanvas } from './chart-canvas.ts';

type CrosshairProps = {
  readonly title: string;
  readonly canvas: ChartCanvas;
  readonly points: readonly Point[];
  readonly marks: readonly MarkedPoint[];
  /** Where the arrow keys start; otherwise at the last point. */
  readonly moment: number | undefined;
  /** The time of the point under the crosshair. */
  readonly pointed: Signal<number | undefined>;
  /** Called with the time of the point on which the user presses Enter. */
  readonly onChoose?: ((at: number) => void) | undefined;
  /** Changes whenever the chart has a new layout. */
  readonly drawn: number;
};

/**
 * A slider over the points in time, so that a screen reader tells the point that a key has just chosen. The pointer
 * moves the crosshair without being told, which would flood the reader.
 */
export function Crosshair(props: CrosshairProps): JSX.Element | null {
  const { title, canvas, points, marks, moment, pointed, onChoose, drawn } = props;
  const chosen = useSignal<number | undefined>(undefined);
  const last = points.length - 1;
  const index = indexAt(points, chosen.value ?? moment ?? Infinity) ?? last;
  const point = points[index];
  useEffect(() => {
    if (chosen.value !== undefined) canvas.pointAt(point);
  }, [chosen.value, drawn]);
  if (point === undefined) return null;

  const choose = (at: number | undefined): void => {
    chosen.value = at;
    pointed.value = at;
    if (at === undefined) canvas.pointAt(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') onChoose?.(point.at);
    if (event.key === 'Escape' && chosen.value !== undefined) choose(undefined);
    const to = STEPS[event.key]?.(index, last);
    if (to === undefined) return;
    event.preventDefault();
    choose(points[Math.min(last, Math.max(0, to))]?.at);
  };
  return (
    <div
      class="crosshair"
      role="slider"
      tabIndex={0}
      aria-label={`${title} at a time${onChoose === undefined ? '' : '; Enter opens it'}`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={index}
      aria-valuetext={describePoint(point, marks)}
      onKeyDown={onKeyDown}
      onBlur={() => choose(undefined)}
    />
  );
}

/** The points that a page key moves by. */
const PAGE = 20;

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowLeft: (index) => index - 1,
  ArrowDown: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  ArrowUp: (index) => index + 1,
  PageDown: (index) => index - PAGE,
  PageUp: (index) => index + PAGE,
  Home: () => 0,
  End: (_index, last) => last,
};

type ReadingProps = Pick<CrosshairProps, 'points' | 'marks' | 'pointed'>;

/** Shows the values under the crosshair; without a crosshair, it explains the marks. */
export function CrosshairReading({ points, marks, pointed }: ReadingProps): JSX.Element {
  const at = pointed.value;
  const index = at === undefined ? undefined : indexAt(points, at);
  const point = index === undefined ? undefined : points[index];
  return (
    <p class="crosshair-reading small quiet">
      {point !== undefined ? (
        // The slider tells it to screen readers.
        <span aria-hidden="true">{describePoint(point, marks)}</span>
      ) : (
        countTrades(marks) !== '' && (
          <>
            {countTrades(marks)}{' '}
            <span aria-hidden="true">
              <span class="up">▲</span> bought <span class="down">▼</span> sold
            </span>
          </>
        )
      )}
    </p>
  );
}

/** Moves the crosshair to a finger, which moves sideways; the library follows a mouse by itself. */
export function followTouch(
  event: PointerEvent,
  canvas: ChartCanvas | undefined,
  { points, pointed }: Pick<CrosshairProps, 'points' | 'pointed'>,
): void {
  if (event.pointerType !== 'touch' || !(event.currentTarget instanceof Element)) return;
  const at = canvas?.timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const index = at === undefined ? undefined : indexAt(points, at);
  if (index === undefined) return;
  canvas?.pointAt(points[index]);
  pointed.value = at;
}
