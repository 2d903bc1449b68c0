/** A hook for the state of the ticket: the side, how much to trade, and the placing of the order. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { excessOf, meansOf, type Means } from '../pure/excess.ts';
import { centsOf, portionsOfCash, portionsOfShares, type Portion } from '../pure/quantity.ts';
import { useApp } from '../state/app-context.ts';
import { currentPrice } from '../state/current-price.ts';
import { placeOrder } from '../state/place-order.ts';
import { useSubmission } from '../state/use-submission.ts';
import { MISSING_QUANTITY, useQuantity, type QuantityEntry } from './use-quantity.ts';

export type TradeSide = 'buy' | 'sell';

type TicketState = {
  readonly side: TradeSide;
  readonly setSide: (side: TradeSide) => void;
  readonly entry: QuantityEntry;
  /** The amount in cents, as far as it is known. */
  readonly amount: number | undefined;
  readonly fault: string | undefined;
  readonly isBusy: boolean;
  readonly portions: readonly Portion[];
  /** Fills in a part of the cash in dollars to buy, or of the shares as a count to sell. */
  readonly choosePortion: (value: number) => void;
  readonly place: () => Promise<void>;
};

export function useTicket(symbol: string, price: number | undefined): TicketState {
  const app = useApp();
  const side = useSignal<TradeSide>('buy');
  const entry = useQuantity(price);
  const { unit, text, quantity } = entry;
  const { isBusy, fault, setFault, send } = useSubmission();
  const portfolio = app.store.portfolio.value;
  const means = portfolio && meansOf(portfolio, symbol);
  const excess =
    quantity && means && excessOf({ side: side.value, symbol, quantity, price }, means);
  useEffect(() => setFault(undefined), [side.value, unit, text]);
  useAskedSide((asked) => (side.value = asked));
  return {
    side: side.value,
    setSide: (chosen) => (side.value = chosen),
    entry,
    amount: quantity && centsOf(quantity, price),
    fault: entry.fault ?? fault ?? excess,
    isBusy,
    portions: portionsOf(side.value, means),
    choosePortion: (value) => {
      entry.fill(
        side.value === 'buy'
          ? { unit: 'dollars', cents: value }
          : { unit: 'shares', shares: value },
      );
      // The page says what the portion is worth by a price of now.
      void currentPrice(app, symbol);
    },
    place: async () => {
      if (quantity === undefined) setFault(entry.fault ?? MISSING_QUANTITY[unit]);
      else if (await send(() => placeOrder(app, { side: side.value, symbol, quantity }))) {
        entry.clear();
      }
    },
  };
}

/** Takes the side that a shortcut asked for, and focuses the amount. */
function useAskedSide(setSide: (side: TradeSide) => void): void {
  const { askedSide } = useApp().store;
  const asked = askedSide.value;
  useEffect(() => {
    if (asked === undefined) return undefined;
    setSide(asked);
    // Comes after a new page has focused its heading.
    const timer = setTimeout(() => {
      askedSide.value = undefined;
      document.querySelector<HTMLElement>('input[name="amount"]')?.focus();
    });
    return () => clearTimeout(timer);
  }, [asked]);
}

const portionsOf = (side: TradeSide, means: Means | undefined): readonly Portion[] =>
  side === 'buy' ? portionsOfCash(means?.cash ?? 0) : portionsOfShares(means?.shares ?? 0);
