/** A form to buy or sell a stock for an amount. It places an order, which must be confirmed to trade. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Holding, PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import { excessOf, meansOf } from '../pure/excess.ts';
import { formatMoney, formatShares, plainDollars, type AmountInput } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { AmountChips, type AmountChip } from './amount-chips.tsx';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';
import { OrderPreview } from './order-preview.tsx';
import { faultIn, readField } from './read-field.ts';

export type TradeSide = 'buy' | 'sell';
type TicketProps = { readonly symbol: string; readonly price: number | undefined };

export const SIDES = [
  { value: 'buy', text: 'Buy', kind: 'buy' },
  { value: 'sell', text: 'Sell', kind: 'sell' },
] as const;

export function Ticket({ symbol, price }: TicketProps): JSX.Element {
  const { store } = useApp();
  const { side, text, input, fault, isBusy, setSide, setText, place } = useTicket(symbol);
  const portfolio = store.portfolio.value;
  const holding = portfolio?.holdings.find((held) => held.symbol === symbol);
  const amount = input.is === 'amount' ? input.cents : undefined;
  const excess =
    amount === undefined || portfolio === undefined
      ? undefined
      : excessOf({ side, symbol, amount, price }, meansOf(portfolio, symbol));
  return (
    <Card title={`Trade ${symbol}`}>
      <Form onSubmit={place}>
        <Choice label="Side" options={SIDES} value={side} onChoose={setSide} />
        <Field
          label="Amount"
          name="amount"
          value={text}
          onValue={setText}
          dollars="large"
          placeholder="0.00"
          fault={fault ?? excess}
          hint={<Standing side={side} portfolio={portfolio} holding={holding} symbol={symbol} />}
        />
        <AmountChips
          chips={shortcuts(side, { portfolio, holding, price })}
          onChoose={(cents) => setText(plainDollars(cents))}
        />
        <OrderPreview side={side} amount={amount} price={price} cash={portfolio?.available} />
        <PlaceButton side={side} isBusy={isBusy} />
      </Form>
    </Card>
  );
}

type TicketState = {
  readonly side: TradeSide;
  readonly text: string;
  readonly input: AmountInput;
  readonly fault: string | undefined;
  readonly isBusy: boolean;
  readonly setSide: (side: TradeSide) => void;
  readonly setText: (text: string) => void;
  readonly place: () => Promise<void>;
};

function useTicket(symbol: string): TicketState {
  const { actions } = useApp();
  const side = useSignal<TradeSide>('buy');
  const text = useSignal('');
  const { isBusy, fault, setFault, send } = useSubmission();
  const input = readField(text.value);
  const setText = (value: string): void => {
    text.value = value;
    setFault(undefined);
  };
  return {
    side: side.value,
    text: text.value,
    input,
    fault: faultIn(input) ?? fault,
    isBusy,
    setSide: (chosen) => {
      side.value = chosen;
      setFault(undefined);
    },
    setText,
    place: async () => {
      if (input.is !== 'amount') {
        setFault(faultIn(input) ?? 'Enter an amount in dollars.');
        return;
      }
      const command = side.value === 'buy' ? 'BUY' : 'SELL';
      const amount = plainDollars(input.cents);
      if (await send(() => actions.submit({ command, symbol, amount }))) setText('');
    },
  };
}

type PlaceButtonProps = { readonly side: TradeSide; readonly isBusy: boolean };

const PlaceButton = ({ side, isBusy }: PlaceButtonProps): JSX.Element => (
  <>
    <SubmitButton look={`${side} wide`} isBusy={isBusy}>
      {side === 'buy' ? 'Review buy' : 'Review sell'}
    </SubmitButton>
    <p class="hint">You confirm at a price that is held for you; until then nothing is traded.</p>
  </>
);

type StandingProps = {
  readonly side: TradeSide;
  readonly symbol: string;
  readonly portfolio: PortfolioView | undefined;
  readonly holding: Holding | undefined;
};

function Standing({ side, symbol, portfolio, holding }: StandingProps): JSX.Element {
  if (portfolio === undefined) return <>Loading …</>;
  if (side === 'sell') {
    return (
      <>
        {formatShares(holding?.available ?? 0)} of {symbol} available
      </>
    );
  }
  if (!portfolio.opened) {
    return (
      <>
        No cash yet. <a href="/portfolio">Add funds</a>
      </>
    );
  }
  return <>{formatMoney(portfolio.available)} available</>;
}

type ShortcutSource = {
  readonly portfolio: PortfolioView | undefined;
  readonly holding: Holding | undefined;
  readonly price: number | undefined;
};

const AMOUNT_MAX = 100_000_000_000;

/** Returns shortcuts for parts of the available cash, or of the available shares at their present price. */
function shortcuts(
  side: TradeSide,
  { portfolio, holding, price }: ShortcutSource,
): readonly AmountChip[] {
  const part = (percent: number): number => {
    if (side === 'buy') return Math.floor(((portfolio?.available ?? 0) * percent) / 100);
    return Math.ceil(((holding?.available ?? 0) * percent) / 100) * (price ?? 0);
  };
  return [10, 25, 50, 100].map((percent) => ({
    label: percent === 100 ? (side === 'buy' ? 'Max' : 'All') : `${percent}%`,
    cents: Math.min(AMOUNT_MAX, part(percent)),
  }));
}
