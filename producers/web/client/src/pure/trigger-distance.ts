/** Tells how far the price of a stock is from that of a trigger. Prices are in cents. */
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { formatMoney, formatPercent } from './money.ts';

/** `$6.36 (5.00%) below the latest price`. */
export function describeDistance(price: number, latest: number): string {
  if (price === latest) return 'At the latest price';
  const away = Math.abs(price - latest);
  const percent = formatPercent(away, latest).replace('+', '');
  const side = price < latest ? 'below' : 'above';
  return `${formatMoney(away)} (${percent}) ${side} the latest price`;
}

/** Sorts triggers by their relative distance, the nearest first; those without a distance come last. */
export const byDistance = (
  triggers: readonly Trigger[],
  latestOf: (symbol: string) => number | undefined,
): readonly Trigger[] => {
  const distanceOf = ({ symbol, price }: Trigger): number => {
    const latest = latestOf(symbol);
    return price === null || latest === undefined
      ? Number.MAX_VALUE
      : Math.abs(price - latest) / latest;
  };
  return [...triggers].sort((one, other) => distanceOf(one) - distanceOf(other));
};
