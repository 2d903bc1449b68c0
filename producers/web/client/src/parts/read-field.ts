/** Reads an amount or a price from the text of a field. */
import { readAmount, separatorsOf, type AmountInput } from '../pure/money.ts';

const separators = separatorsOf(navigator.languages);

/** Parses an amount or a price by the languages of the browser. */
export const readField = (text: string): AmountInput => readAmount(text, separators);

/** Returns why the text is no amount; undefined if it is one, or empty. */
export const faultIn = (input: AmountInput): string | undefined =>
  input.is === 'fault' ? input.fault : undefined;
