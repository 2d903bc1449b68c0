/** A form that sets a trigger: side, amount and price, which is typed or dragged on the chart. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { checkPlan, describePlan } from '../pure/describe-trigger.ts';
import { formatMoney, formatShares, plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { readField } from './read-field.ts';
import { PriceHistory } from './price-history.tsx';
import { SIDES, type Side } from './ticket.tsx';
import { triggerLines } from './trigger-lines.ts';

/** The initial distance of the line from the price: below it to buy, above it to sell. */
const DISTANCE = 0.05;

export function TriggerForm({ symbol }: { readonly symbol: string }): JSX.Element {
  const { store, actions } = useApp();
  const side = useSignal<Side>('buy');
  const amount = useSignal('');
  const price = useSignal('');
  const isBusy = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  /** Keeps an amount or price that the user entered for this side when a quote or the portfolio arrives later. */
  const entered = useRef({ side: side.value, amount: false, price: false });
  const enterAmount = (text: string): void => {
    entered.current.amount = true;
    amount.value = text;
  };
  const enterPrice = (text: string): void => {
    entered.current.price = true;
    price.value = text;
  };

  useEffect(() => {
    actions.follow([symbol]);
    void actions.loadQuote(symbol).then(async () => {
      if (store.quotes.peek().has(symbol)) return;
      await actions.command({ command: 'QUOTE', symbol });
      await actions.loadQuote(symbol);
    });
    return () => actions.follow([]);
  }, [symbol]);

  const quote = store.quotes.value.get(symbol);
  const portfolio = store.portfolio.value;
  const standing = portfolio?.triggers.filter((trigger) => trigger.symbol === symbol) ?? [];
  const present = standing.find((trigger) => trigger.side === side.value);
  const isKnown = quote !== undefined;

  // The fields start with the existing trigger, or near the present price.
  useEffect(() => {
    if (entered.current.side !== side.value) {
      entered.current = { side: side.value, amount: false, price: false };
    }
    const sign = side.value === 'buy' ? -1 : 1;
    const near = quote === undefined ? undefined : Math.round(quote.price * (1 + sign * DISTANCE));
    const begin = present?.price ?? near;
    if (!entered.current.price) {
      price.value = begin === undefined ? '' : plainDollars(Math.max(1, begin));
    }
    if (present !== undefined && !entered.current.amount)
      amount.value = plainDollars(present.amount);
    fault.value = undefined;
  }, [side.value, isKnown, portfolio === undefined]);

  const wanted = { amount: readField(amount.value), price: readField(price.value) };
  const plan =
    wanted.amount.is === 'amount' && wanted.price.is === 'amount'
      ? { side: side.value, symbol, amount: wanted.amount.cents, price: wanted.price.cents }
      : undefined;

  const holding = portfolio?.holdings.find((held) => held.symbol === symbol);
  const free = (holding?.available ?? 0) + (present?.shares ?? 0);
  const obstacle = plan && checkPlan(plan, free);

  const arm = async (): Promise<void> => {
    if (plan === undefined || obstacle !== undefined) {
      fault.value = obstacle ?? 'Enter an amount and a price in dollars.';
      return;
    }
    const [setAmount, setPrice] =
      plan.side === 'buy'
        ? (['SET_BUY_AMOUNT', 'SET_BUY_TRIGGER'] as const)
        : (['SET_SELL_AMOUNT', 'SET_SELL_TRIGGER'] as const);
    isBusy.value = true;
    // An unchanged amount is not sent, because setting it again would cancel the trigger first.
    let result =
      present?.amount === plan.amount
        ? undefined
        : await actions.command({ command: setAmount, symbol, amount: plainDollars(plan.amount) });
    if (result === undefined || result.ok) {
      const dollars = plainDollars(plan.price);
      result = await actions.command({ command: setPrice, symbol, price: dollars });
    }
    isBusy.value = false;
    fault.value = result.ok ? undefined : result.fault;
  };

  return (
    <div class="columns with-side">
      <Card title={symbol} action={quote && <span class="strong">{formatMoney(quote.price)}</span>}>
        <PriceHistory
          symbol={symbol}
          lines={triggerLines(standing.filter((trigger) => trigger.side !== side.value))}
          draggable={
            wanted.price.is === 'amount'
              ? {
                  price: wanted.price.cents,
                  label: `Trigger price to ${side.value} ${symbol}`,
                  onMove: (cents) => enterPrice(plainDollars(cents)),
                }
              : undefined
          }
        />
      </Card>
      <Card title={present?.state === 'armed' ? 'Change the trigger' : 'Set a trigger'}>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void arm();
          }}
        >
          <Choice
            label="Side"
            options={SIDES}
            value={side.value}
            onChoose={(chosen) => (side.value = chosen)}
          />
          <Field
            label={side.value === 'buy' ? 'Buy for' : 'Sell for'}
            name="trigger-amount"
            value={amount.value}
            onValue={enterAmount}
            dollars="plain"
            placeholder="0.00"
            fault={wanted.amount.is === 'fault' ? wanted.amount.fault : undefined}
            hint={
              side.value === 'buy'
                ? `${formatMoney((portfolio?.available ?? 0) + (present?.amount ?? 0))} available`
                : `${formatShares(free)} available`
            }
          />
          <Field
            label={side.value === 'buy' ? 'When it falls to' : 'When it rises to'}
            name="trigger-price"
            value={price.value}
            onValue={enterPrice}
            dollars="plain"
            placeholder="0.00"
            fault={wanted.price.is === 'fault' ? wanted.price.fault : undefined}
            hint="Type it, or drag the line on the chart."
          />
          <p class="plan" aria-live="polite">
            {plan === undefined
              ? 'Enter an amount to see what it will do.'
              : (obstacle ?? describePlan(plan))}
          </p>
          {fault.value !== undefined && (
            <p class="fault" role="alert">
              {fault.value}
            </p>
          )}
          <button class="button primary" type="submit" disabled={isBusy.value}>
            {isBusy.value && <span class="spinner" aria-hidden="true" />}
            {present?.state === 'armed' ? 'Move the trigger' : 'Arm the trigger'}
          </button>
        </form>
      </Card>
    </div>
  );
}
