/** A form that sets a trigger: side, amount and price, which is typed or dragged on the chart. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import { checkPlan, describePlan, type Plan } from '../pure/describe-trigger.ts';
import { excessOf, meansOf, type Means } from '../pure/excess.ts';
import { warnOfMet } from '../pure/met-trigger.ts';
import { formatMoney, plainDollars, type AmountInput } from '../pure/money.ts';
import { centsOf } from '../pure/quantity.ts';
import { useApp } from '../state/app-context.ts';
import { useArming } from '../state/use-arming.ts';
import { useStockQuote } from '../state/use-stock-quote.ts';
import { Card } from './card.tsx';
import { ConfirmNow } from './confirm-now.tsx';
import type { Draggable } from './drag-line.tsx';
import { Form, FormFault, SubmitButton } from './form.tsx';
import { LatestPrice } from './latest-price.tsx';
import { PriceAge } from './price-age.tsx';
import { PlanFields } from './plan-fields.tsx';
import { PriceHistory } from './price-history.tsx';
import { readField } from './read-field.ts';
import { triggerLines } from './trigger-lines.ts';
import type { TradeSide } from './use-ticket.ts';
import { useTriggerFields, type TriggerFields } from './use-trigger-fields.ts';

type TriggerFormProps = { readonly symbol: string; readonly start: TradeSide };

/** `start` is the side that the form shows at first. */
export function TriggerForm({ symbol, start }: TriggerFormProps): JSX.Element {
  const fields = useTriggerFields(symbol, start);
  useStockQuote(symbol, () => true);
  const price = readField(fields.price);
  return (
    <div class="columns with-side">
      <TriggerChart symbol={symbol} fields={fields} price={price} />
      <Card title={fields.present?.state === 'armed' ? 'Change the trigger' : 'Set a trigger'}>
        <ArmForm symbol={symbol} fields={fields} price={price} />
      </Card>
    </div>
  );
}

/** The state of the form, which its parts share. */
type TriggerFormState = {
  readonly symbol: string;
  readonly fields: TriggerFields;
  readonly price: AmountInput;
};

/** The fields, what they will do, and the button that arms the trigger. */
function ArmForm({ symbol, fields, price }: TriggerFormState): JSX.Element {
  const { store } = useApp();
  const { present, side, entry } = fields;
  const means = useMeans(symbol, fields);
  const plan = planOf(symbol, fields, price);
  const obstacle = excessIn({ symbol, fields, price }, means) ?? (plan && checkPlan(plan));
  const { isMet, isAsking, isBusy, fault, setFault, arm, confirm, goBack } = useArming(
    plan,
    present,
  );
  useEffect(() => setFault(undefined), [side, entry.unit, entry.text, fields.price]);
  const quote = store.quotes.value.get(symbol);
  const submit = async (): Promise<void> => {
    if (plan !== undefined && obstacle === undefined) await arm(plan);
    else setFault(obstacle === undefined ? 'Enter an amount and a price in dollars.' : UNARMED);
  };
  return (
    <Form onSubmit={submit}>
      <PlanFields
        fields={fields}
        price={price}
        latest={quote?.price}
        means={means}
        obstacle={obstacle}
      />
      {quote !== undefined && <LatestPrice quote={quote} />}
      {isAsking && plan !== undefined && quote !== undefined ? (
        <ConfirmNow
          plan={plan}
          price={quote.price}
          isBusy={isBusy}
          onConfirm={() => void confirm(plan)}
          onBack={goBack}
        />
      ) : (
        <>
          <PlanText
            plan={obstacle === undefined ? plan : undefined}
            met={isMet ? quote : undefined}
          />
          <FormFault fault={fault} />
          <SubmitButton look="primary" isBusy={isBusy}>
            {present?.state === 'armed' ? 'Move the trigger' : 'Arm the trigger'}
          </SubmitButton>
        </>
      )}
    </Form>
  );
}

type PlanTextProps = {
  /** Undefined if it cannot be armed. */
  readonly plan: Plan | undefined;
  /** The quote that meets it already. */
  readonly met: QuoteView | undefined;
};

const PlanText = ({ plan, met }: PlanTextProps): JSX.Element => (
  <p class={`plan ${plan !== undefined && met !== undefined ? 'warn' : ''}`} aria-live="polite">
    {plan === undefined
      ? 'Enter an amount to see what it will do.'
      : met === undefined
        ? describePlan(plan)
        : warnOfMet(plan, met.price)}
  </p>
);

/** Returns the plan, or undefined while a field has no amount. */
function planOf(
  symbol: string,
  { side, entry: { quantity } }: TriggerFields,
  price: AmountInput,
): Plan | undefined {
  if (quantity === undefined || price.is !== 'amount') return undefined;
  const amount = centsOf(quantity, price.cents);
  return amount === undefined ? undefined : { side, symbol, amount, price: price.cents };
}

const UNARMED = 'Nothing was armed: change the amount first.';

/**
 * Returns the cash and shares that the trigger can use, including those that it has reserved already; undefined
 * until the portfolio is loaded.
 */
function useMeans(symbol: string, { side, present }: TriggerFields): Means | undefined {
  const portfolio = useApp().store.portfolio.value;
  if (portfolio === undefined) return undefined;
  const { cash, shares } = meansOf(portfolio, symbol);
  return {
    cash: cash + (side === 'buy' ? (present?.amount ?? 0) : 0),
    shares: shares + (present?.shares ?? 0),
  };
}

/** Returns why the amount exceeds the means; a sell counts its shares by the price of the trigger. */
function excessIn(
  { symbol, fields, price }: TriggerFormState,
  means: Means | undefined,
): string | undefined {
  const { side, entry } = fields;
  if (means === undefined || entry.quantity === undefined) return undefined;
  const cents = price.is === 'amount' ? price.cents : undefined;
  return excessOf({ side, symbol, quantity: entry.quantity, price: cents }, means);
}

/** The chart of the price, with the other side's trigger as a line, and this side's price as a line to drag. */
function TriggerChart({ symbol, fields, price }: TriggerFormState): JSX.Element {
  const { store } = useApp();
  const quote = store.quotes.value.get(symbol);
  const others = store.portfolio.value?.triggers.filter(
    (trigger) => trigger.symbol === symbol && trigger.side !== fields.side,
  );
  const draggable: Draggable | undefined =
    price.is === 'amount'
      ? {
          price: price.cents,
          label: `Trigger price to ${fields.side} ${symbol}`,
          onMove: (cents) => fields.enterPrice(plainDollars(cents)),
        }
      : undefined;
  return (
    <Card
      title={symbol}
      action={
        quote && (
          <span>
            <span class="strong">{formatMoney(quote.price)}</span>{' '}
            <span class="small quiet">
              <PriceAge at={quote.receivedAt} />
            </span>
          </span>
        )
      }
    >
      <PriceHistory symbol={symbol} lines={triggerLines(others ?? [])} draggable={draggable} />
    </Card>
  );
}
