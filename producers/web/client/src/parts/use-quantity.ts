/** A hook for a field of how much to trade, in dollars or as a count of shares. */
import { useSignal } from '@preact/signals';
import { plainDollars } from '../pure/money.ts';
import { inOtherUnit, type Quantity, type Unit } from '../pure/quantity.ts';
import { faultIn, readQuantityField } from './read-field.ts';

export type QuantityEntry = {
  readonly unit: Unit;
  readonly text: string;
  /** The quantity that was typed; undefined while the text is empty or not valid. */
  readonly quantity: Quantity | undefined;
  /** Why the text is not valid. */
  readonly fault: string | undefined;
  readonly setText: (text: string) => void;
  /** Converts what was typed, if the price is known. */
  readonly setUnit: (unit: Unit) => void;
  readonly fill: (quantity: Quantity) => void;
  readonly clear: () => void;
};

/** `price` converts between the units; `start` fills the field at first. */
export function useQuantity(price: number | undefined, start?: Quantity): QuantityEntry {
  const unit = useSignal<Unit>(start?.unit ?? 'dollars');
  const text = useSignal(start === undefined ? '' : textOf(start));
  const input = readQuantityField(text.value, unit.value);
  const quantity = input.is === 'quantity' ? input.quantity : undefined;
  return {
    unit: unit.value,
    text: text.value,
    quantity,
    fault: faultIn(input),
    setText: (typed) => (text.value = typed),
    setUnit: (chosen) => {
      if (chosen === unit.value) return;
      unit.value = chosen;
      text.value = quantity === undefined ? '' : inOtherUnit(quantity, price);
    },
    fill: (filled) => {
      unit.value = filled.unit;
      text.value = textOf(filled);
    },
    clear: () => (text.value = ''),
  };
}

export const MISSING_QUANTITY = {
  dollars: 'Enter an amount in dollars.',
  shares: 'Enter a number of shares.',
} as const;

const textOf = (quantity: Quantity): string =>
  quantity.unit === 'dollars' ? plainDollars(quantity.cents) : quantity.shares.toString();
