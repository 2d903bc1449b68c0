/** Computes the value of an account over time from movements and prices. Pure. */
import type { PriceRange } from '../../../../shared/pg/web-quotes.ts';
import type { MovementRow, PartPriceRow } from '../../../../shared/pg/web-value.ts';
import type { ValuePoint } from '../../../../shared/web-api/quote.ts';

/** Returns a point for the end of each part of the range; shares without a known price count as 0. */
export function valueHistory(
  { from, to, parts }: PriceRange,
  movements: readonly MovementRow[],
  prices: readonly PartPriceRow[],
): ValuePoint[] {
  const shares = new Map<string, bigint>();
  const known = new Map<string, bigint>();
  let cash = 0n;
  let deposited = 0n;
  const points: ValuePoint[] = [];
  for (let part = 0; part <= parts; part += 1) {
    for (const row of movements) {
      if (row.part !== part) continue;
      cash += row.cash;
      deposited += row.deposited;
      if (row.symbol !== null) {
        shares.set(row.symbol, (shares.get(row.symbol) ?? 0n) + row.shares);
      }
    }
    for (const row of prices) if (row.part === part) known.set(row.symbol, row.price);
    let value = cash;
    for (const [symbol, count] of shares) value += count * (known.get(symbol) ?? 0n);
    points.push({
      at: Math.round(from + ((to - from) * part) / parts),
      value: Number(value),
      cash: Number(cash),
      deposited: Number(deposited),
    });
  }
  return points;
}
