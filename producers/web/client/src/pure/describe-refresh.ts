/** Describes what a refresh of old prices does, and what it costs at most. */
import { formatMoney } from './money.ts';

/** `centsPerHit` is undefined if the operator does not show costs. */
export function describeRefresh(count: number, centsPerHit: number | undefined): string {
  if (count === 0) return 'Prices are fresh';
  const what = count === 1 ? 'Refresh 1 price' : `Refresh ${count} prices`;
  return centsPerHit === undefined ? what : `${what} · ${formatMoney(count * centsPerHit)}`;
}
