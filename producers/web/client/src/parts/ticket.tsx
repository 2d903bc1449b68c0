/** A form to buy or sell a stock. It places an order, which must be confirmed to trade. */
import type { JSX } from 'preact';
import type { Holding, PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import { formatMoney, formatShares } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { AmountChips } from './amount-chips.tsx';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';
import { Form, SubmitButton } from './form.tsx';
import { LatestPrice } from './latest-price.tsx';
import { OrderPreview } from './order-preview.tsx';
import { QuantityField } from './quantity-field.tsx';
import { useTicket, type TradeSide } from './use-ticket.ts';

type TicketProps = { readonly symbol: string; readonly quote: QuoteView | undefined };

export const SIDES = [
  { value: 'buy', text: 'Buy', kind: 'buy' },
  { value: 'sell', text: 'Sell', kind: 'sell' },
] as const;

export function Ticket({ symbol, quote }: TicketProps): JSX.Element {
  const portfolio = useApp().store.portfolio.value;
  const price = quote?.price;
  const ticket = useTicket(symbol, price);
  const { side, amount } = ticket;
  const holding = portfolio?.holdings.find((held) => held.symbol === symbol);
  return (
    <Card title={`Trade ${symbol}`}>
      <Form onSubmit={ticket.place}>
        <Choice label="Side" options={SIDES} value={side} onChoose={ticket.setSide} />
        <QuantityField
          entry={ticket.entry}
          name="amount"
          labels={{ dollars: 'Amount', shares: 'Shares' }}
          look="large"
          fault={ticket.fault}
          hint={<Standing side={side} portfolio={portfolio} holding={holding} symbol={symbol} />}
        />
        <AmountChips chips={ticket.portions} onChoose={ticket.choosePortion} />
        <OrderPreview
          side={side}
          unit={ticket.entry.unit}
          amount={amount}
          price={price}
          cash={portfolio?.available}
        />
        {quote !== undefined && <LatestPrice quote={quote} />}
        <PlaceButton side={side} isBusy={ticket.isBusy} />
      </Form>
    </Card>
  );
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
