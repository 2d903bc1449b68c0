/** Computes which prices a chart shows. */

export type Scale = { readonly minValue: number; readonly maxValue: number };

/** The least height of a chart, as a fraction of its lowest price: a change of one cent does not fill it. */
const HEIGHT_LEAST = 0.01;
/** How much of the lowest price, or how often the span of the prices, the chart grows to show lines. */
const GROWTH_FRACTION = 0.12;
const GROWTH_TIMES = 3;

/**
 * Returns the scale of a chart of prices. It includes a line near the prices, but no far one, which would squash them.
 */
export function chartScale(prices: readonly number[], lines: readonly number[] = []): Scale {
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const heightMost = Math.max(low * GROWTH_FRACTION, (high - low) * GROWTH_TIMES);
  const distance = (line: number): number => Math.max(low - line, line - high);
  const byDistance = [...lines].sort((one, other) => distance(one) - distance(other));
  let [minValue, maxValue] = [low, high];
  for (const line of byDistance) {
    const [down, up] = [Math.min(minValue, line), Math.max(maxValue, line)];
    if (up - down > heightMost) break;
    [minValue, maxValue] = [down, up];
  }
  // Centres a flat line.
  const margin = Math.max(0, Math.round((minValue * HEIGHT_LEAST - (maxValue - minValue)) / 2));
  return { minValue: minValue - margin, maxValue: maxValue + margin };
}

/** Whether a price is above or below a scale; undefined if it is on it. */
export function beyondScale(price: number, scale: Scale): 'above' | 'below' | undefined {
  if (price > scale.maxValue) return 'above';
  return price < scale.minValue ? 'below' : undefined;
}
