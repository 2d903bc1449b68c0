/** A hook for the fields of the trigger form: side, amount and price. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { readField } from './read-field.ts';
import { useQuantity, type QuantityEntry } from './use-quantity.ts';
import type { TradeSide } from './use-ticket.ts';

export type TriggerFields = {
  readonly side: TradeSide;
  readonly setSide: (side: TradeSide) => void;
  /** How much to trade. Shares and dollars are converted by the price of the trigger. */
  readonly entry: QuantityEntry;
  readonly price: string;
  readonly enterPrice: (text: string) => void;
  /** The existing trigger on this side. */
  readonly present: Trigger | undefined;
};

/** The initial distance of the price from the quote: below it to buy, above it to sell. */
const DISTANCE = 0.05;

/**
 * Starts the fields with the existing trigger, or near the present price. Keeps an amount or price that the user
 * entered for this side when a quote or the portfolio arrives later.
 */
export function useTriggerFields(symbol: string, startSide: TradeSide): TriggerFields {
  const { store } = useApp();
  const side = useSignal<TradeSide>(startSide);
  const price = useSignal('');
  const named = readField(price.value);
  const entry = useQuantity(named.is === 'amount' ? named.cents : undefined);
  const entered = useRef({ side: side.value, amount: false, price: false });
  const quote = store.quotes.value.get(symbol);
  const portfolio = store.portfolio.value;
  const present = portfolio?.triggers.find(
    (trigger) => trigger.symbol === symbol && trigger.side === side.value,
  );

  useEffect(() => {
    if (entered.current.side !== side.value) {
      entered.current = { side: side.value, amount: false, price: false };
    }
    const start = present?.price ?? (quote && priceNear(quote.price, side.value));
    if (!entered.current.price) {
      price.value = start === undefined ? '' : plainDollars(Math.max(1, start));
    }
    if (present !== undefined && !entered.current.amount) {
      entry.fill({ unit: 'dollars', cents: present.amount });
    }
  }, [side.value, quote !== undefined, portfolio === undefined]);

  return {
    side: side.value,
    setSide: (chosen) => (side.value = chosen),
    entry: {
      ...entry,
      setText: (text) => {
        entered.current.amount = true;
        entry.setText(text);
      },
      fill: (quantity) => {
        entered.current.amount = true;
        entry.fill(quantity);
      },
    },
    price: price.value,
    enterPrice: (text) => {
      entered.current.price = true;
      price.value = text;
    },
    present,
  };
}

const priceNear = (price: number, side: TradeSide): number =>
  Math.round(price * (1 + (side === 'buy' ? -DISTANCE : DISTANCE)));
