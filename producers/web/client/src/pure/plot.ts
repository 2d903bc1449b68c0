/** Computes what a plot of figures draws, in a box that is `PLOT_WIDTH` wide and `PLOT_HEIGHT` high. */

export const PLOT_WIDTH = 1_000;
export const PLOT_HEIGHT = 100;

export type Curve = readonly (number | null)[];
export type PlotSpan = { readonly from: number; readonly to: number };

/** The highest value of the scale: 1, 2 or 5 times a power of ten, and at least `least`. */
export function scaleTop(highest: number, least: number): number {
  const wanted = Math.max(highest, least);
  if (wanted <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return step * power;
}

export const highestOf = (curves: readonly Curve[]): number =>
  curves.reduce(
    (highest, curve) => curve.reduce<number>((most, value) => Math.max(most, value ?? 0), highest),
    0,
  );

/** Lays curves on each other, so that the last is their sum; an unknown value counts as 0. */
export function stacked(curves: readonly Curve[]): readonly (readonly number[])[] {
  let below: readonly number[] = [];
  return curves.map((curve) => {
    below = curve.map((value, index) => (below[index] ?? 0) + (value ?? 0));
    return below;
  });
}

export const xOf = (at: number, { from, to }: PlotSpan): number =>
  round(((at - from) / Math.max(to - from, 1)) * PLOT_WIDTH);

const yOf = (value: number, top: number): number =>
  round(PLOT_HEIGHT - (Math.min(value, top) / top) * PLOT_HEIGHT);

const round = (value: number): number => Math.round(value * 10) / 10;

type Axes = { readonly at: readonly number[]; readonly span: PlotSpan; readonly top: number };

/** The path of a line, which is interrupted where a value is not known. */
export function linePath(curve: Curve, { at, span, top }: Axes): string {
  let isDrawing = false;
  return curve
    .map((value, index) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const step = `${isDrawing ? 'L' : 'M'}${xOf(at[index] ?? 0, span)} ${yOf(value, top)}`;
      // A value between two unknown ones is a dot, which the rounded end of a line draws.
      const isAlone = !isDrawing && (curve[index + 1] ?? null) === null;
      isDrawing = true;
      return isAlone ? `${step}h0` : step;
    })
    .join('');
}

/** The path of the area between two curves of a stack. */
export function areaPath(upper: readonly number[], lower: readonly number[], axes: Axes): string {
  const { at, span, top } = axes;
  if (upper.length === 0) return '';
  const point = (value: number, index: number): string =>
    `${xOf(at[index] ?? 0, span)} ${yOf(value, top)}`;
  const back = upper.map((_, index) => point(lower[index] ?? 0, index)).reverse();
  return `M${upper.map(point).join('L')}L${back.join('L')}Z`;
}
