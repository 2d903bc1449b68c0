/** An expired order, which traded nothing, with a form to place it again at a new price. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';
import { excessOf, meansOf } from '../pure/excess.ts';
import { formatMoney, formatShares } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { findAsked } from '../state/kept-orders.ts';
import { placeOrder } from '../state/place-order.ts';
import { useSubmission } from '../state/use-submission.ts';
import { Form, SubmitButton } from './form.tsx';
import { QuantityField } from './quantity-field.tsx';
import { MISSING_QUANTITY, useQuantity } from './use-quantity.ts';

type RanOutProps = { readonly order: PendingOrder; readonly onDismiss: () => void };

const LABELS = { dollars: 'Ask again for', shares: 'Ask again for' } as const;

/** The form starts with what was asked for before, which may be more than the order cost. */
export function RanOutCard({ order, onDismiss }: RanOutProps): JSX.Element {
  const app = useApp();
  const { side, symbol, shares, cost } = order;
  const price = app.store.quotes.value.get(symbol)?.price;
  const entry = useQuantity(price, findAsked(app.store.session.value?.user ?? '', order));
  const { isBusy, fault, setFault, send } = useSubmission();
  const portfolio = app.store.portfolio.value;
  const { quantity, unit } = entry;
  const excess =
    quantity &&
    portfolio &&
    excessOf({ side, symbol, quantity, price }, meansOf(portfolio, symbol));
  useEffect(() => setFault(undefined), [unit, entry.text]);
  const again = async (): Promise<void> => {
    if (quantity === undefined) setFault(MISSING_QUANTITY[unit]);
    else if (await send(() => placeOrder(app, { side, symbol, quantity }))) onDismiss();
  };
  return (
    <article class="order over" aria-label={`Ran out: ${side} ${symbol}`}>
      <div>
        <p class="strong">
          {side === 'buy' ? 'Buy' : 'Sell'} of {formatShares(shares)} of {symbol} ran out
        </p>
        <p class="small quiet">
          Nothing was traded; {side === 'buy' ? formatMoney(cost) : formatShares(shares)}{' '}
          {side === 'sell' && shares !== 1 ? 'are' : 'is'} available again.
        </p>
      </div>
      <Form onSubmit={again}>
        <QuantityField
          entry={entry}
          name="amount-again"
          labels={LABELS}
          look="plain"
          fault={entry.fault ?? fault ?? excess}
        />
        <div class="order-decision">
          <SubmitButton isBusy={isBusy}>Quote again</SubmitButton>
          <button class="button plain" type="button" onClick={onDismiss}>
            Dismiss
          </button>
        </div>
      </Form>
    </article>
  );
}
