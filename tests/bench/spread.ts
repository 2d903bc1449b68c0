/** Repeated figures, as their median and range. Pure. */

export type Spread = { readonly median: number; readonly least: number; readonly most: number };

/** Returns the spread of at least one value; of an even number, the median is the mean of the middle two. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}

/** Renders `median (least–most)`, or the value alone if there is only one. */
export function renderSpread(values: readonly number[], render: (value: number) => string): string {
  const { median, least, most } = spreadOf(values);
  return values.length === 1
    ? render(median)
    : `${render(median)} (${render(least)}–${render(most)})`;
}
