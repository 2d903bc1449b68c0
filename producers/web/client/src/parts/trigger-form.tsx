/** A form that sets a trigger: side, amount and price, which is typed or dragged on the chart. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { checkPlan, describePlan, type Plan } from '../pure/describe-trigger.ts';
import { formatMoney, formatShares, plainDollars, type AmountInput } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { armTrigger } from '../state/arm-trigger.ts';
import { useSubmission } from '../state/use-submission.ts';
import { Card } from './card.tsx';
import type { Draggable } from './drag-line.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { Form, FormFault, SubmitButton } from './form.tsx';
import { faultIn, readField } from './read-field.ts';
import { PriceHistory } from './price-history.tsx';
import { SIDES } from './ticket.tsx';
import { triggerLines } from './trigger-lines.ts';
import { useTriggerFields, type TriggerFields } from './use-trigger-fields.ts';

export function TriggerForm({ symbol }: { readonly symbol: string }): JSX.Element {
  const { actions } = useApp();
  const { isBusy, fault, setFault, send } = useSubmission();
  const fields = useTriggerFields(symbol, () => setFault(undefined));
  useKnownQuote(symbol);
  const { present } = fields;
  const free = useFreeShares(symbol, fields);
  const wanted = { amount: readField(fields.amount), price: readField(fields.price) };
  const plan = planOf(symbol, fields, wanted);
  const obstacle = plan && checkPlan(plan, free);
  const arm = async (): Promise<void> => {
    if (plan !== undefined && obstacle === undefined) {
      await send(() => armTrigger(actions, plan, present));
    } else setFault(obstacle ?? 'Enter an amount and a price in dollars.');
  };
  return (
    <div class="columns with-side">
      <TriggerChart symbol={symbol} fields={fields} price={wanted.price} />
      <Card title={present?.state === 'armed' ? 'Change the trigger' : 'Set a trigger'}>
        <Form onSubmit={arm}>
          <PlanFields fields={fields} wanted={wanted} free={free} />
          <p class="plan" aria-live="polite">
            {plan === undefined
              ? 'Enter an amount to see what it will do.'
              : (obstacle ?? describePlan(plan))}
          </p>
          <FormFault fault={fault} />
          <SubmitButton look="primary" isBusy={isBusy}>
            {present?.state === 'armed' ? 'Move the trigger' : 'Arm the trigger'}
          </SubmitButton>
        </Form>
      </Card>
    </div>
  );
}

type Wanted = { readonly amount: AmountInput; readonly price: AmountInput };

/** Returns the plan, or undefined while a field has no amount. */
function planOf(symbol: string, { side }: TriggerFields, wanted: Wanted): Plan | undefined {
  const { amount, price } = wanted;
  if (amount.is !== 'amount' || price.is !== 'amount') return undefined;
  return { side, symbol, amount: amount.cents, price: price.cents };
}

/** Follows the quotes of a stock. Sends a QUOTE command if the server knows none. */
function useKnownQuote(symbol: string): void {
  const { store, actions } = useApp();
  useEffect(() => {
    actions.follow([symbol]);
    void actions.loadQuote(symbol).then(async () => {
      if (store.quotes.peek().has(symbol)) return;
      await actions.command({ command: 'QUOTE', symbol });
      await actions.loadQuote(symbol);
    });
    return () => actions.follow([]);
  }, [symbol]);
}

/** Returns the shares that the trigger can sell, including those that it has reserved already. */
function useFreeShares(symbol: string, { present }: TriggerFields): number {
  const holdings = useApp().store.portfolio.value?.holdings;
  const holding = holdings?.find((held) => held.symbol === symbol);
  return (holding?.available ?? 0) + (present?.shares ?? 0);
}

type TriggerChartProps = {
  readonly symbol: string;
  readonly fields: TriggerFields;
  readonly price: AmountInput;
};

/** The chart of the price, with the other side's trigger as a line, and this side's price as a line to drag. */
function TriggerChart({ symbol, fields, price }: TriggerChartProps): JSX.Element {
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
    <Card title={symbol} action={quote && <span class="strong">{formatMoney(quote.price)}</span>}>
      <PriceHistory symbol={symbol} lines={triggerLines(others ?? [])} draggable={draggable} />
    </Card>
  );
}

type PlanFieldsProps = {
  readonly fields: TriggerFields;
  readonly wanted: Wanted;
  readonly free: number;
};

function PlanFields({ fields, wanted, free }: PlanFieldsProps): JSX.Element {
  const { store } = useApp();
  const isBuy = fields.side === 'buy';
  const cash = (store.portfolio.value?.available ?? 0) + (fields.present?.amount ?? 0);
  return (
    <>
      <Choice label="Side" options={SIDES} value={fields.side} onChoose={fields.setSide} />
      <Field
        label={isBuy ? 'Buy for' : 'Sell for'}
        name="trigger-amount"
        value={fields.amount}
        onValue={fields.enterAmount}
        dollars="plain"
        placeholder="0.00"
        fault={faultIn(wanted.amount)}
        hint={`${isBuy ? formatMoney(cash) : formatShares(free)} available`}
      />
      <Field
        label={isBuy ? 'When it falls to' : 'When it rises to'}
        name="trigger-price"
        value={fields.price}
        onValue={fields.enterPrice}
        dollars="plain"
        placeholder="0.00"
        fault={faultIn(wanted.price)}
        hint="Type it, or drag the line on the chart."
      />
    </>
  );
}
