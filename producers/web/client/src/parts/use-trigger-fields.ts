/** A hook for the fields of the trigger form: side, amount and price. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import type { TradeSide } from './use-ticket.ts';

export type TriggerFields = {
  readonly side: TradeSide;
  readonly setSide: (side: TradeSide) => void;
  readonly amount: string;
  readonly enterAmount: (text: string) => void;
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
export function useTriggerFields(symbol: string): TriggerFields {
  const { store } = useApp();
  const side = useSignal<TradeSide>('buy');
  const amount = useSignal('');
  const price = useSignal('');
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
      amount.value = plainDollars(present.amount);
    }
  }, [side.value, quote !== undefined, portfolio === undefined]);

  return {
    side: side.value,
    setSide: (chosen) => (side.value = chosen),
    amount: amount.value,
    enterAmount: (text) => {
      entered.current.amount = true;
      amount.value = text;
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
