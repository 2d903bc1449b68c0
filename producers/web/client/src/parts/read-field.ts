/** Reads amounts, prices and counts of shares from the text of a field, by the languages of the browser. */
import { readAmount, separatorsOf, type AmountInput } from '../pure/money.ts';
import { readQuantity, type QuantityInput, type Unit } from '../pure/quantity.ts';

const separators = separatorsOf(navigator.languages);

export const readField = (text: string): AmountInput => readAmount(text, separators);

export const readQuantityField = (text: string, unit: Unit): QuantityInput =>
  readQuantity(text, unit, separators);

/** Returns why the text is not valid; undefined if it is, or is empty. */
export const faultIn = (input: AmountInput | QuantityInput): string | undefined =>
  input.is === 'fault' ? input.fault : undefined;
