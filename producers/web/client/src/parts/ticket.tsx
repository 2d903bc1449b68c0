/** A form to buy or sell a stock for an amount. It places an order, which must be confirmed to trade. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Holding, Portfolio } from '../../../../../shared/web-api/portfolio.ts';
import { estimate } from '../pure/estimate.ts';
import { formatMoney, formatShares, plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { readField } from './read-field.ts';

export type Side = 'buy' | 'sell';
type TicketProps = { readonly symbol: string; readonly price: number | undefined };

export const SIDES = [
  { value: 'buy', text: 'Buy', kind: 'buy' },
  { value: 'sell', text: 'Sell', kind: 'sell' },
] as const;

export function Ticket({ symbol, price }: TicketProps): JSX.Element {
  const { store, actions } = useApp();
  const side = useSignal<Side>('buy');
  const text = useSignal('');
  const isBusy = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  const portfolio = store.portfolio.value;
  const holding = portfolio?.holdings.find((held) => held.symbol === symbol);
  const input = readField(text.value);
  const shown = input.is === 'fault' ? input.fault : fault.value;
  const change = (value: string): void => {
    text.value = value;
    fault.value = undefined;
  };
  const place = async (): Promise<void> => {
    if (input.is !== 'amount') {
      fault.value = input.is === 'empty' ? 'Enter an amount in dollars.' : input.fault;
      return;
    }
    isBusy.value = true;
    const command = side.value === 'buy' ? 'BUY' : 'SELL';
    const result = await actions.command({ command, symbol, amount: plainDollars(input.cents) });
    isBusy.value = false;
    if (result.ok) change('');
    else fault.value = result.fault;
  };
  return (
    <Card title={`Trade ${symbol}`}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void place();
        }}
      >
        <Choice
          label="Side"
          options={SIDES}
          value={side.value}
          onChoose={(chosen) => {
            side.value = chosen;
            fault.value = undefined;
          }}
        />
        <Field
          label="Amount"
          name="amount"
          value={text.value}
          onValue={change}
          dollars="large"
          placeholder="0.00"
          fault={shown}
          hint={
            <Standing side={side.value} portfolio={portfolio} holding={holding} symbol={symbol} />
          }
        />
        <div class="chips">
          {shortcuts(side.value, { portfolio, holding, price }).map(({ label, cents }) => (
            <button
              key={label}
              class="chip"
              type="button"
              disabled={cents <= 0}
              onClick={() => change(plainDollars(cents))}
            >
              {label}
            </button>
          ))}
        </div>
        <Preview
          side={side.value}
          amount={input.is === 'amount' ? input.cents : undefined}
          price={price}
        />
        <button class={`button ${side.value} wide`} type="submit" disabled={isBusy.value}>
          {isBusy.value && <span class="spinner" aria-hidden="true" />}
          {side.value === 'buy' ? 'Review buy' : 'Review sell'}
        </button>
        <p class="hint">
          You confirm at a price that is held for you; until then nothing is traded.
        </p>
      </form>
    </Card>
  );
}

type StandingProps = {
  readonly side: Side;
  readonly symbol: string;
  readonly portfolio: Portfolio | undefined;
  readonly holding: Holding | undefined;
};

function Standing({ side, symbol, portfolio, holding }: StandingProps): JSX.Element {
  if (side === 'sell') {
    return (
      <>
        {formatShares(holding?.available ?? 0)} of {symbol} available
      </>
    );
  }
  if (portfolio !== undefined && !portfolio.opened) {
    return (
      <>
        No cash yet. <a href="/portfolio">Add funds</a>
      </>
    );
  }
  return <>{formatMoney(portfolio?.available ?? 0)} available</>;
}

type Means = {
  readonly portfolio: Portfolio | undefined;
  readonly holding: Holding | undefined;
  readonly price: number | undefined;
};
type Shortcut = { readonly label: string; readonly cents: number };

const AMOUNT_MAX = 100_000_000_000;

/** Returns shortcuts for parts of the available cash, or of the available shares at their present price. */
function shortcuts(side: Side, { portfolio, holding, price }: Means): readonly Shortcut[] {
  const part = (percent: number): number => {
    if (side === 'buy') return Math.floor(((portfolio?.available ?? 0) * percent) / 100);
    return Math.ceil(((holding?.available ?? 0) * percent) / 100) * (price ?? 0);
  };
  return [10, 25, 50, 100].map((percent) => ({
    label: percent === 100 ? (side === 'buy' ? 'Max' : 'All') : `${percent}%`,
    cents: Math.min(AMOUNT_MAX, part(percent)),
  }));
}

type PreviewProps = {
  readonly side: Side;
  readonly amount: number | undefined;
  readonly price: number | undefined;
};

/** Shows the estimated shares and cost of an amount at the latest known price. */
function Preview({ side, amount, price }: PreviewProps): JSX.Element {
  const known = amount !== undefined && price !== undefined ? estimate(amount, price) : undefined;
  const rows = [
    ['Shares', known === undefined ? '–' : `≈ ${formatShares(known.shares)}`],
    [side === 'buy' ? 'Cost' : 'Proceeds', known === undefined ? '–' : formatMoney(known.cost)],
    [side === 'buy' ? 'Stays in cash' : 'Not sold for', known && formatMoney(known.rest)],
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
