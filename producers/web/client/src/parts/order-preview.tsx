/** Shows the estimated shares and cost of an order at the latest known price, and the cash that it leaves. */
import type { JSX } from 'preact';
import { estimate } from '../pure/estimate.ts';
import { formatMoney, formatShares } from '../pure/money.ts';

/** Money is in cents; what is not known is undefined. */
type OrderPreviewProps = {
  readonly side: 'buy' | 'sell';
  readonly amount: number | undefined;
  readonly price: number | undefined;
  /** The cash available before the order. */
  readonly cash: number | undefined;
};

export function OrderPreview({ side, amount, price, cash }: OrderPreviewProps): JSX.Element {
  const known = amount !== undefined && price !== undefined ? estimate(amount, price) : undefined;
  const left = known && cash !== undefined ? cash - known.cost : undefined;
  const rows = [
    ['Shares', known && `≈ ${formatShares(known.shares)}`],
    [side === 'buy' ? 'Cost' : 'Proceeds', known && formatMoney(known.cost)],
    side === 'buy'
      ? ['Stays in cash', left !== undefined && left >= 0 ? formatMoney(left) : undefined]
      : ['Not sold for', known && formatMoney(known.rest)],
  ] as const;
  return (
    <dl class="facts" aria-live="polite">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd class="number">{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
