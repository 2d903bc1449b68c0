/** Computes a line chart of a few pixels. */

type SparkPoint = { readonly at: number; readonly price: number };
type Size = { readonly width: number; readonly height: number };

/** Returns the path of an SVG, in steps; undefined if there are fewer than two points. */
export function sparkPath(
  points: readonly SparkPoint[],
  { width, height }: Size,
): string | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const prices = points.map(({ price }) => price);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const across = (at: number): number => ((at - first.at) / (last.at - first.at || 1)) * width;
  // A flat line is in the middle.
  const down = (price: number): number =>
    high === low ? height / 2 : ((high - price) / (high - low)) * height;
  const steps = points
    .slice(1)
    .map(({ at, price }) => `H${across(at).toFixed(1)}V${down(price).toFixed(1)}`);
  return `M0 ${down(first.price).toFixed(1)}${steps.join('')}`;
}
