/** Shows the estimated shares and cost of an order at the latest known price, and the cash that it leaves. */
import type { JSX } from 'preact';
import { estimate } from '../pure/estimate.ts';
import { formatMoney, formatShares } from '../pure/money.ts';
import type { Unit } from '../pure/quantity.ts';

/** Money is in cents; what is not known is undefined. */
type OrderPreviewProps = {
  readonly side: 'buy' | 'sell';
  /** The unit in which the amount was given: the other one is an estimate. */
  readonly unit: Unit;
  readonly amount: number | undefined;
  readonly price: number | undefined;
  /** The cash available before the order. */
  readonly cash: number | undefined;
};

export function OrderPreview(props: OrderPreviewProps): JSX.Element {
  const { side, unit, amount, price, cash } = props;
  const known = amount !== undefined && price !== undefined ? estimate(amount, price) : undefined;
  const left = known && cash !== undefined ? cash - known.cost : undefined;
  const [sharesAbout, costAbout] = unit === 'dollars' ? ['≈ ', ''] : ['', '≈ '];
  const rows = [
    ['Shares', known && `${sharesAbout}${formatShares(known.shares)}`],
    [side === 'buy' ? 'Cost' : 'Proceeds', known && `${costAbout}${formatMoney(known.cost)}`],
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
