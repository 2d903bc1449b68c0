/** A form that sets a trigger: side, amount and price, which is typed or dragged on the chart. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { checkPlan, describePlan, type Plan } from '../pure/describe-trigger.ts';
import { excessOf, meansOf, type Means } from '../pure/excess.ts';
import { warnOfMet } from '../pure/met-trigger.ts';
import { formatMoney, formatShares, plainDollars, type AmountInput } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { useArming } from '../state/use-arming.ts';
import { useStockQuote } from '../state/use-stock-quote.ts';
import { Card } from './card.tsx';
import { ConfirmNow } from './confirm-now.tsx';
import type { Draggable } from './drag-line.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { Form, FormFault, SubmitButton } from './form.tsx';
import { LatestPrice } from './latest-price.tsx';
import { PriceAge } from './price-age.tsx';
import { faultIn, readField } from './read-field.ts';
import { PriceHistory } from './price-history.tsx';
import { SIDES } from './ticket.tsx';
import { triggerLines } from './trigger-lines.ts';
import type { TradeSide } from './use-ticket.ts';
import { useTriggerFields, type TriggerFields } from './use-trigger-fields.ts';

type Wanted = { readonly amount: AmountInput; readonly price: AmountInput };

export function TriggerForm({ symbol }: { readonly symbol: string }): JSX.Element {
  const fields = useTriggerFields(symbol);
  useStockQuote(symbol, () => true);
  const wanted = { amount: readField(fields.amount), price: readField(fields.price) };
  return (
    <div class="columns with-side">
      <TriggerChart symbol={symbol} fields={fields} price={wanted.price} />
      <Card title={fields.present?.state === 'armed' ? 'Change the trigger' : 'Set a trigger'}>
        <ArmForm symbol={symbol} fields={fields} wanted={wanted} />
      </Card>
    </div>
  );
}

type ArmFormProps = {
  readonly symbol: string;
  readonly fields: TriggerFields;
  readonly wanted: Wanted;
};

/** The fields, what they will do, and the button that arms the trigger. */
function ArmForm({ symbol, fields, wanted }: ArmFormProps): JSX.Element {
  const { store } = useApp();
  const { present, side } = fields;
  const means = useMeans(symbol, fields);
  const plan = planOf(symbol, fields, wanted);
  const obstacle = excessIn(symbol, side, wanted, means) ?? (plan && checkPlan(plan));
  const { isMet, isAsking, isBusy, fault, setFault, arm, confirm, goBack } = useArming(
    plan,
    present,
  );
  useEffect(() => setFault(undefined), [side, fields.amount, fields.price]);
  const quote = store.quotes.value.get(symbol);
  const submit = async (): Promise<void> => {
    if (plan !== undefined && obstacle === undefined) await arm(plan);
    else setFault(obstacle === undefined ? 'Enter an amount and a price in dollars.' : UNARMED);
  };
  return (
    <Form onSubmit={submit}>
      <PlanFields fields={fields} wanted={wanted} means={means} obstacle={obstacle} />
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
          <p class={`plan ${isMet && obstacle === undefined ? 'warn' : ''}`} aria-live="polite">
            {plan === undefined || obstacle !== undefined
              ? 'Enter an amount to see what it will do.'
              : isMet && quote
                ? warnOfMet(plan, quote.price)
                : describePlan(plan)}
          </p>
          <FormFault fault={fault} />
          <SubmitButton look="primary" isBusy={isBusy}>
            {present?.state === 'armed' ? 'Move the trigger' : 'Arm the trigger'}
          </SubmitButton>
        </>
      )}
    </Form>
  );
}

/** Returns the plan, or undefined while a field has no amount. */
function planOf(symbol: string, { side }: TriggerFields, wanted: Wanted): Plan | undefined {
  const { amount, price } = wanted;
  if (amount.is !== 'amount' || price.is !== 'amount') return undefined;
  return { side, symbol, amount: amount.cents, price: price.cents };
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
  symbol: string,
  side: TradeSide,
  { amount, price }: Wanted,
  means: Means | undefined,
): string | undefined {
  if (means === undefined || amount.is !== 'amount') return undefined;
  const cents = price.is === 'amount' ? price.cents : undefined;
  const quantity = { unit: 'dollars', cents: amount.cents } as const;
  return excessOf({ side, symbol, quantity, price: cents }, means);
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

/** When a trigger of each side trades. Source: SPEC 3.2. */
const RULES = {
  buy: 'A buy trigger buys when the price is at or below yours.',
  sell: 'A sell trigger sells when the price is at or above yours; there is no stop-loss, so nothing sells because the price falls.',
} as const;

type PlanFieldsProps = {
  readonly fields: TriggerFields;
  readonly wanted: Wanted;
  /** Undefined until the portfolio is loaded. */
  readonly means: Means | undefined;
  /** Why the amount cannot be armed. */
  readonly obstacle: string | undefined;
};

function PlanFields({ fields, wanted, means, obstacle }: PlanFieldsProps): JSX.Element {
  const isBuy = fields.side === 'buy';
  return (
    <>
      <Choice label="Side" options={SIDES} value={fields.side} onChoose={fields.setSide} />
      <p class="hint">{RULES[fields.side]}</p>
      <Field
        label={isBuy ? 'Buy for' : 'Sell for'}
        name="trigger-amount"
        value={fields.amount}
        onValue={fields.enterAmount}
        dollars="plain"
        placeholder="0.00"
        fault={faultIn(wanted.amount) ?? obstacle}
        hint={
          means === undefined
            ? 'Loading …'
            : `${isBuy ? formatMoney(means.cash) : formatShares(means.shares)} available`
        }
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
