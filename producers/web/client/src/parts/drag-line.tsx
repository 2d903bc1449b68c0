/** A price line on a chart that is moved by the pointer, or as a slider by the arrow keys. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { formatMoney } from '../pure/money.ts';
import type { ChartCanvas } from './chart-canvas.ts';

/** A price that the pointer or the arrow keys move. */
export type Draggable = {
  readonly price: number;
  readonly label: string;
  readonly onMove: (price: number) => void;
};

type DragLineProps = {
  readonly canvas: ChartCanvas;
  readonly draggable: Draggable;
  readonly onDrag: (isDragged: boolean) => void;
};

/** The cents per arrow key; a page key moves the price by a hundredth. */
const STEP = 1;
const PAGE_FRACTION = 0.01;
const PRICE_MAX = 100_000_000_000;

export function DragLine({ canvas, draggable, onDrag }: DragLineProps): JSX.Element | null {
  const line = useRef<HTMLDivElement>(null);
  const { price, label, onMove } = draggable;
  const height = canvas.heightOf(price);
  if (height === undefined) return null;
  const move = (to: number): void => onMove(Math.min(PRICE_MAX, Math.max(1, Math.round(to))));

  const onPointerDown = (event: PointerEvent): void => {
    event.preventDefault();
    line.current?.setPointerCapture(event.pointerId);
    line.current?.focus();
    onDrag(true);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const to = line.current?.hasPointerCapture(event.pointerId)
      ? priceUnder(event, line.current, canvas)
      : undefined;
    if (to !== undefined) move(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = stepOf(event.key, price);
    if (by === undefined) return;
    event.preventDefault();
    move(price + by);
  };
  return (
    <div
      ref={line}
      class="drag-line"
      style={{ top: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={PRICE_MAX}
      aria-valuenow={price}
      aria-valuetext={formatMoney(price)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => onDrag(false)}
      onKeyDown={onKeyDown}
    >
      <span class="drag-grip">
        <span aria-hidden="true">⇕</span> {formatMoney(price)}
      </span>
    </div>
  );
}

/** Returns the price at the height of the pointer, kept within the chart. */
function priceUnder(
  { clientY }: PointerEvent,
  line: HTMLElement,
  canvas: ChartCanvas,
): number | undefined {
  const box = line.parentElement?.getBoundingClientRect();
  if (box === undefined) return undefined;
  return canvas.priceAt(Math.min(box.height, Math.max(0, clientY - box.top)));
}

function stepOf(key: string, price: number): number | undefined {
  const page = Math.max(STEP, Math.round(price * PAGE_FRACTION));
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: STEP,
    ArrowRight: STEP,
    ArrowDown: -STEP,
    ArrowLeft: -STEP,
    PageUp: page,
    PageDown: -page,
  };
  return steps[key];
}
